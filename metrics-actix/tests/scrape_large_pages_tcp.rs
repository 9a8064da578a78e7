//! Pages that are larger than the memory they may take, with slow clients over TCP.
#![cfg(target_os = "linux")]

mod scraper;

use std::{
    fs,
    io::Read,
    thread,
    time::{Duration, Instant},
};

use metrics_actix::MetricsRoute;
use metrics_core::{Capped, Definition, Family, Histogram, LabelSet, Page, Registry, Scrape};
use scraper::{Connection, Head, Server, wait_for};

#[derive(Clone, LabelSet)]
struct Of {
    number: Capped<4000>,
}

/// Target that shows the large family alone.
const LARGE: &str = "/metrics?name[]=large_page_seconds";

/// Maximal memory of a page in bytes, with the buffers of the server and the client.
const MOST: u64 = 12 << 20;

/// Time limit for everything that has to come: long enough for any machine.
const LONG: Duration = Duration::from_secs(60);

/// Time that no page takes on any machine.
const HOUR: Duration = Duration::from_secs(3600);

/// Returns a route whose pages are not given up, however busy the machine is.
fn patient_route() -> MetricsRoute {
    MetricsRoute::new("/metrics").timeout(HOUR).send_timeout(HOUR)
}

/// Returns the peak memory of the process in bytes.
fn high_water() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells that");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("it is a number") * 1024
}

/// Resets the peak memory; returns the current memory.
fn reset_high_water() -> u64 {
    fs::write("/proc/self/clear_refs", "5").expect("a process may ask this of itself");
    high_water()
}

/// Returns the page of one family: others change from scrape to scrape.
fn page_of(name: &str) -> String {
    let mut page = Page::default();
    Registry::global().scrape(&Scrape::default().name(name), &mut page);
    String::from_utf8_lossy(page.as_ref()).into_owned()
}

fn errors(cause: &str) -> u64 {
    let page = page_of("metrics_scrape_errors_total");
    let sample = format!("metrics_scrape_errors_total{{cause=\"{cause}\"}} ");
    let line = page.lines().find_map(|line| line.strip_prefix(&sample)).expect("it is there at zero");
    line.parse().expect("it is a number")
}

/// One test, as its parts read the memory of the process and the counters of the global registry.
#[test]
fn large_page_is_streamed_in_bounded_memory() {
    let bounds: Vec<f64> = (1..=200).map(f64::from).collect();
    let definition = Definition::new("large_page_seconds", "Large.").buckets(&bounds);
    let family: Family<Of, Histogram> = Registry::global().register(&definition).expect("a new name");
    for number in 0..4000 {
        family.with(Of { number: format!("{number:064}").into() }).observe(0.5);
    }
    let server = Server::start(|| patient_route().max_concurrent(1));
    slow_reader(&server);
    http_1_0(&server);
    pipelined_and_head();
    gone_reader(&server);
    stuck_reader();
    idle_reader();
    compressed(&server);
    drop(server);
    drop(family);
}

/// A slow scraper gets the page, which is never in memory as a whole.
fn slow_reader(server: &Server) {
    // Made before the measurement, so that it does not count.
    let start = Instant::now();
    let expected = page_of("large_page_seconds");
    let making = start.elapsed();
    let before = reset_high_water();
    let mut connection = server.connect();
    connection.send("GET", LARGE, &[]);
    let head = connection.head();
    assert_eq!((head.status, head.get("content-length")), (200, None));
    // Other requests are answered, but no other scrape begins.
    assert_eq!(server.get("/ping", &[]).text(), "pong");
    let refused = server.get("/metrics", &[]);
    assert_eq!((refused.status(), refused.head.get("retry-after")), (503, Some("1")));
    // Long enough to make the whole page, if it were made before it is read.
    thread::sleep(making * 3);
    let mut length = 0;
    let mut is_the_page = true;
    let is_whole = connection.body(&head, |part| {
        is_the_page &= expected.as_bytes().get(length..).is_some_and(|rest| rest.starts_with(part));
        length += part.len();
    });
    let taken = high_water() - before;
    assert!(is_whole);
    assert!(length > 64 << 20, "the page has {length} bytes");
    assert!(taken < MOST, "{taken} bytes of memory for {length} of the page");
    assert!(is_the_page && length == expected.len());
}

/// HTTP/1.0 has no chunks: the page ends with the connection.
fn http_1_0(server: &Server) {
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
    let expected = page_of("large_page_seconds");
    let mut connection = server.connect();
    connection.send_raw(format!("GET {LARGE} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").as_bytes());
    let head = connection.head();
    assert_eq!((head.status, head.get("content-length"), head.get("transfer-encoding")), (200, None, None));
    assert_ne!(head.get("connection"), Some("keep-alive"));
    let mut page = Vec::new();
    connection.0.read_to_end(&mut page).expect("the server closes the connection");
    assert!(page == expected.into_bytes(), "the page is another");
}

/// Pipelined requests are answered in order, and HEAD without the page.
fn pipelined_and_head() {
    let server = Server::start(patient_route);
    let mut connection = server.connect();
    let request = |method: &str, query: &str| format!("{method} /metrics{query} HTTP/1.1\r\nHost: x\r\n\r\n");
    let requests = [
        request("HEAD", ""),
        request("GET", "?name[]=none"),
        request("GET", ""),
        request("GET", "?name[]=none"),
    ];
    connection.send_raw(requests.concat().as_bytes());
    let head = connection.answer("HEAD");
    assert_eq!((head.status(), head.head.get("content-length")), (200, None));
    assert_eq!(head.head.get("transfer-encoding"), None);
    let empty = connection.answer("GET");
    assert_eq!((empty.status(), empty.head.get("content-length")), (200, Some("0")));
    let head = connection.head();
    let mut length = 0;
    assert!(connection.body(&head, |part| length += part.len()));
    assert!(length > 64 << 20);
    assert_eq!(connection.answer("GET").status(), 200);
    assert_eq!((errors("abandoned"), errors("timeout")), (0, 0));
}

/// A scraper that disconnects aborts the page and releases its permit.
fn gone_reader(server: &Server) {
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
    let mut connection = server.connect();
    connection.send("GET", "/metrics", &[]);
    assert_eq!(connection.head().status, 200);
    assert_eq!(server.get("/metrics", &[]).status(), 503);
    drop(connection);
    wait_for("the end of the scrape", || errors("abandoned") == 1);
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
}

/// Begins a page with a time limit that allows its head and not its end; returns the connection after the head. On a busy machine
/// not even the head may come in a short time, so the limit grows.
fn in_some_time<T>(mut begin: impl FnMut(Duration) -> (T, Connection)) -> (T, Connection, Head) {
    let mut time = Duration::from_millis(300);
    loop {
        let (server, mut connection) = begin(time);
        let head = connection.head();
        if head.status == 200 {
            return (server, connection, head);
        }
        assert_eq!(head.status, 503);
        time *= 2;
        assert!(time < LONG, "no page begins in {:?}: is the machine as slow as that?", time / 2);
    }
}

/// A stalled scraper is cut off at the deadline and releases its permit.
fn stuck_reader() {
    let abandoned = errors("abandoned");
    let (server, mut connection, head) = in_some_time(|time| {
        let server = Server::start(move || MetricsRoute::new("/metrics").max_concurrent(1).timeout(time));
        let mut connection = server.connect();
        connection.send("GET", "/metrics", &[]);
        (server, connection)
    });
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
    assert!(errors("timeout") > 0);
    let mut length = 0;
    assert!(!connection.body(&head, |part| length += part.len()), "the page has an end after {length}");
    assert!(length > 0);
    // The scraper may set an earlier deadline.
    let patient = Server::start(|| MetricsRoute::new("/metrics"));
    let timed_out = errors("timeout");
    let ((), _connection, _head) = in_some_time(|time| {
        let mut connection = patient.connect();
        let time = time.as_secs_f64().to_string();
        connection.send("GET", "/metrics", &[("X-Prometheus-Scrape-Timeout-Seconds", &time)]);
        ((), connection)
    });
    wait_for("the end of the scraper's time", || errors("timeout") > timed_out);
    assert_eq!(errors("abandoned"), abandoned);
    assert_eq!(errors("panic"), 0);
}

/// A scraper that reads nothing releases its permit, however long a scrape may take.
fn idle_reader() {
    let (server, mut connection, _head) = in_some_time(|time| {
        let route = move || MetricsRoute::new("/metrics").max_concurrent(1).timeout(HOUR).send_timeout(time);
        let server = Server::start(route);
        let mut connection = server.connect();
        connection.send("GET", "/metrics", &[]);
        (server, connection)
    });
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
    assert!(connection.0.read_to_end(&mut Vec::new()).is_ok(), "the server closes the connection");
}

/// A compressed page is streamed as well.
fn compressed(server: &Server) {
    if !cfg!(feature = "gzip") {
        return;
    }
    wait_for("room for another", || server.get("/metrics?name[]=none", &[]).status() == 200);
    let before = reset_high_water();
    let mut connection = server.connect();
    connection.send("GET", LARGE, &[("Accept-Encoding", "gzip")]);
    let head = connection.head();
    assert_eq!((head.get("content-encoding"), head.get("content-length")), (Some("gzip"), None));
    let mut page = Vec::new();
    assert!(connection.body(&head, |part| page.extend_from_slice(part)));
    let taken = high_water() - before;
    assert!(taken < MOST + page.len() as u64, "{taken} bytes of memory");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&*page).read_to_end(&mut text).expect("it is compressed");
    assert!(text == page_of("large_page_seconds").into_bytes(), "the page is another");
}
