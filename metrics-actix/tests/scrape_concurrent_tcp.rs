//! Concurrent and malformed scrapes over TCP.

mod scraper;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use metrics_actix::MetricsRoute;
use metrics_core::{Definition, Gauge, GaugeFn, Registry};
use scraper::{Server, wait_for};

/// Registers a gauge whose callback blocks; returns it with a sender that releases one call, and the number of calls.
fn stuck(registry: &Registry) -> (GaugeFn, mpsc::Sender<()>, Arc<AtomicUsize>) {
    let gauge: GaugeFn = registry.register(&Definition::new("stuck", "Stuck.")).expect("a new name");
    let (sender, receiver) = mpsc::channel::<()>();
    let receiver = Mutex::new(receiver);
    let readings = Arc::new(AtomicUsize::new(0));
    let begun = Arc::clone(&readings);
    gauge.read_from(move || {
        begun.fetch_add(1, SeqCst);
        let _gone = receiver.lock().map(|receiver| receiver.recv());
        7
    });
    (gauge, sender, readings)
}

#[test]
fn blocked_collector_delays_nothing_else() {
    let registry = Registry::new();
    let (_gauge, go_on, _) = stuck(&registry);
    let shown = registry.clone();
    let server = Server::start(move || {
        MetricsRoute::new("/metrics").registry(&shown).max_concurrent(2).timeout(Duration::from_millis(100))
    });
    // The deadline passes before the page begins.
    let late = server.get("/metrics", &[]);
    assert_eq!((late.status(), late.head.get("retry-after")), (503, Some("1")));
    assert_eq!(late.text(), "the metrics page was not begun in time\n");
    assert_eq!(late.head.get("cache-control"), Some("no-store"));
    // The only worker serves other requests.
    assert_eq!(server.get("/ping", &[]).text(), "pong");
    // A scrape keeps its permit until its thread ends: there are never more threads than permits.
    assert_eq!(server.get("/metrics", &[]).text(), "the metrics page was not begun in time\n");
    for _ in 0..3 {
        assert_eq!(server.get("/metrics", &[]).text(), "too many scrapes are in flight\n");
    }
    drop(go_on);
    wait_for("the page", || server.get("/metrics", &[]).text().ends_with("stuck 7\n"));
}

#[test]
fn concurrent_scrapes_are_limited_across_routes() {
    let registry = Registry::new();
    let (_gauge, go_on, readings) = stuck(&registry);
    let shown = registry.clone();
    let route = move || MetricsRoute::new("/metrics").registry(&shown).json("/json").max_concurrent(2);
    let servers = [Server::start(route.clone()), Server::start(route)];
    thread::scope(|scope| {
        let waiting: Vec<_> = servers
            .iter()
            .map(|server| scope.spawn(|| server.get("/metrics", &[("Connection", "close")])))
            .collect();
        wait_for("two scrapes", || readings.load(SeqCst) == 2);
        for server in &servers {
            for target in ["/metrics", "/json"] {
                assert_eq!(server.get(target, &[]).status(), 503);
            }
        }
        go_on.send(()).and_then(|()| go_on.send(())).expect("they wait");
        for scrape in waiting {
            let answer = scrape.join().expect("the scrape ends");
            assert_eq!((answer.status(), answer.is_whole), (200, true));
        }
    });
    drop(go_on);
    wait_for("room for another", || servers[0].get("/metrics", &[]).status() == 200);
}

#[test]
fn scraper_that_disconnects_before_the_head_releases_its_permit() {
    let registry = Registry::new();
    let (_gauge, go_on, readings) = stuck(&registry);
    let shown = registry.clone();
    let server = Server::start(move || MetricsRoute::new("/metrics").registry(&shown).max_concurrent(1));
    let mut connection = server.connect();
    connection.send("GET", "/metrics", &[]);
    wait_for("the scrape", || readings.load(SeqCst) == 1);
    drop(connection);
    go_on.send(()).expect("it waits");
    drop(go_on);
    wait_for("room for another", || server.get("/metrics", &[]).status() == 200);
}

#[test]
fn no_header_makes_a_scrape_fail() {
    let registry = Registry::new();
    let _level: Gauge = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    let shown = registry.clone();
    let server = Server::start(move || MetricsRoute::new("/metrics").registry(&shown));
    let long = "text/plain;q=0.1,".repeat(500);
    let many: Vec<_> =
        (0..80).map(|_| ("Accept", "application/openmetrics-text;q=0.5,text/plain;q=0.4")).collect();
    let open = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let text = "text/plain; version=0.0.4; charset=utf-8";
    for (headers, content_type) in [
        (&many[..], open),
        (&[("Accept", &*long)], text),
        (&[("Accept", "")], text),
        (&[("Accept", ";;;===\"\"\"")], text),
        (&[("Accept", "text/plain;version=\"0.0.4"), ("Accept", "\\")], text),
        (&[("Accept", "application/openmetrics-text;q=1.0.0;version=\u{e4}")], text),
        (&[("Accept", "*/*;q=-1"), ("Accept-Encoding", "gzip;q=nan, \u{e4}, ;, *;q=0")], text),
        (&[("X-Prometheus-Scrape-Timeout-Seconds", "-inf"), ("Accept-Encoding", "identity;q=0")], text),
    ] {
        let answer = server.get("/metrics", headers);
        assert_eq!(answer.status(), 200, "{headers:?}");
        let (given, vary) = (answer.head.get("content-type"), answer.head.get("vary"));
        let given = given.expect("there is always one");
        assert_eq!(given, content_type, "{headers:?}");
        assert_eq!(vary, Some("Accept, Accept-Encoding"));
        assert!(answer.is_whole);
    }
    for query in ["?", "?name[]", "?name[]=%", "?%6e%61%6d%65[]=%ff", "?name[]=a&name[]=level&&&="] {
        assert_eq!(server.get(&format!("/metrics{query}"), &[]).status(), 200, "{query}");
    }
}

#[test]
fn pipelined_scrapes_are_answered_in_order() {
    let registry = Registry::new();
    let level: Arc<Gauge> =
        Arc::new(registry.register(&Definition::new("level", "Level.")).expect("a new name"));
    let shown = registry.clone();
    let server = Server::start(move || MetricsRoute::new("/metrics").registry(&shown).json("/json"));
    level.set(3);
    let mut connection = server.connect();
    let request = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
    let requests: String = ["/metrics", "/json", "/ping", "/metrics?name[]=none"].map(request).concat();
    // A request may come in several segments.
    for piece in requests.as_bytes().chunks(7) {
        connection.send_raw(piece);
    }
    assert!(connection.answer("GET").text().ends_with("level 3\n"));
    assert!(connection.answer("GET").text().starts_with("{\"families\":["));
    assert_eq!(connection.answer("GET").text(), "pong");
    assert_eq!(connection.answer("GET").text(), "");
}
