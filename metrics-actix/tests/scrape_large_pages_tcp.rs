//! Pages that are larger than what may be in memory of them, with a real server and a slow client.
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

/// The large family alone.
const LARGE: &str = "/metrics?name[]=large_page_seconds";

/// More than this is not in memory of a page, with all that a server and a client need for it.
const MOST: u64 = 12 << 20;

/// Time limit for everything that has to come: long enough for any machine.
const LONG: Duration = Duration::from_secs(60);

/// The most memory that the process has had, in bytes.
fn high_water() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells that");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("it is a number") * 1024
}

/// Forgets how much memory the process has had; returns how much it has.
fn reset_high_water() -> u64 {
    fs::write("/proc/self/clear_refs", "5").expect("a process may ask this of itself");
    high_water()
}

/// The page of one family, as others change from scrape to scrape.
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

/// Everything in one test, as the parts look at the memory of one process and at one counter.
#[test]
fn large_page_is_streamed_in_bounded_memory() {
    let bounds: Vec<f64> = (1..=200).map(f64::from).collect();
    let definition = Definition::new("large_page_seconds", "Large.").buckets(&bounds);
    let family: Family<Of, Histogram> = Registry::global().register(&definition).expect("a new name");
    for number in 0..4000 {
        family.with(Of { number: format!("{number:064}").into() }).observe(0.5);
    }
    let server = Server::start(|| MetricsRoute::new("/metrics").max_concurrent(1).send_timeout(LONG));
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

/// A scraper that reads slowly gets the page, which is never in memory as a whole.
fn slow_reader(server: &Server) {
    // In memory from before, so that it does not count.
    let start = Instant::now();
    let expected = page_of("large_page_seconds");
    let making = start.elapsed();
    let before = reset_high_water();
    let mut connection = server.connect();
    connection.send("GET", LARGE, &[]);
    let head = connection.head();
    assert_eq!((head.status, head.get("content-length")), (200, None));
    // It waits, and everybody else does not; but no other scrape begins.
    assert_eq!(server.get("/ping", &[]).text(), "pong");
    let refused = server.get("/metrics", &[]);
    assert_eq!((refused.status(), refused.head.get("retry-after")), (503, Some("1")));
    // In this time all of the page would be made, if anything made it before it is read.
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

/// Requests that come together are answered one after the other, and HEAD without the page.
fn pipelined_and_head() {
    let server = Server::start(|| MetricsRoute::new("/metrics"));
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

/// A scraper that goes away ends the page, and the next one comes in.
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

/// A time in which a page can begin and not come to its end, and what `begin` gives for it, as the head of that page is there. On
/// a busy machine not even the beginning may come in a short time.
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

/// A scraper that does not go on is cut off in time, and keeps nobody out.
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
    // The scraper may have less time than the route gives.
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
    let hour = Duration::from_secs(3600);
    let (server, mut connection, _head) = in_some_time(|time| {
        let route = move || MetricsRoute::new("/metrics").max_concurrent(1).timeout(hour).send_timeout(time);
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
