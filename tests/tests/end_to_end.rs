//! End to end: a service, real requests, its page, `promtool`, and queries to a real Prometheus server.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    process::Command,
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

use tests::{artefact, http, process::Process, prometheus::Server, promtool, promtool::Verdict, wait};

/// Longest time for the service to start, to stop, or to count a request.
const PATIENCE: Duration = Duration::from_secs(120);
/// Least duration of a request to `/slow`.
const SLOW: Duration = Duration::from_secs(2);

/// A running quickstart example.
struct Quickstart {
    process: Process,
    address: SocketAddr,
}

impl Quickstart {
    fn start() -> Self {
        let mut process = Process::start(&mut quickstart("0"), "it has just been built");
        let address = process.wait_for_line(PATIENCE, "its address", |line| {
            let (_, address) = line.split_once("http://")?;
            address.split(|char: char| char == '/' || char.is_whitespace()).next()?.parse().ok()
        });
        Self { process, address }
    }

    fn page(&self) -> String {
        let answer = http::get(self.address, "/metrics").unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        answer.body
    }
}

fn quickstart(port: &str) -> Command {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| artefact::program("quickstart"));
    let mut command = Command::new(&*PROGRAM);
    command.env("PORT", port);
    command
}

/// Requests that were sent, by method, endpoint and status.
#[derive(Debug, Default)]
struct Traffic {
    requests: BTreeMap<(&'static str, &'static str, u16), u64>,
    /// Longest duration of a request, by endpoint.
    longest: BTreeMap<&'static str, Duration>,
}

impl Traffic {
    /// Sends one request and records it; the response must have this status.
    fn send(
        &mut self,
        address: SocketAddr,
        method: &'static str,
        target: &str,
        endpoint: &'static str,
        status: u16,
    ) {
        let began = Instant::now();
        // An unknown method shows as `_OTHER`.
        let label = if method == "BREW" { "_OTHER" } else { method };
        let answer = http::request(method, address, target).unwrap();
        assert_eq!(answer.status, status, "{method} {target}");
        let longest = self.longest.entry(endpoint).or_default();
        *longest = began.elapsed().max(*longest);
        *self.requests.entry((label, endpoint, status)).or_default() += 1;
    }

    fn add(&mut self, other: Self) {
        for (key, requests) in other.requests {
            *self.requests.entry(key).or_default() += requests;
        }
        for (endpoint, time) in other.longest {
            let longest = self.longest.entry(endpoint).or_default();
            *longest = time.max(*longest);
        }
    }

    /// Returns the lines of the page for this traffic, in order.
    fn lines(&self) -> Vec<String> {
        let line = |(key, requests): (&(&str, &str, u16), &u64)| {
            let (method, endpoint, status) = key;
            format!(
                r#"http_requests_total{{method="{method}",endpoint="{endpoint}",status="{status}"}} {requests}"#
            )
        };
        let mut lines: Vec<_> = self.requests.iter().map(line).collect();
        lines.sort();
        lines
    }

    fn to_endpoint(&self, endpoint: &str) -> u64 {
        self.requests.iter().filter(|((_, to, _), _)| *to == endpoint).map(|(_, requests)| requests).sum()
    }

    fn total(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// Sends requests that are answered quickly, from four clients at the same time.
fn send_quick_requests(address: SocketAddr) -> Traffic {
    let client = |number: u16| {
        let mut sent = Traffic::default();
        for round in 0..25 {
            sent.send(address, "GET", &format!("/work?size={}", 10 + round), "/work", 200);
        }
        for round in 0..5 {
            sent.send(address, "GET", "/", "/", 200);
            sent.send(address, "GET", &format!("/wp-admin-{number}-{round}"), "unmatched", 404);
        }
        for _ in 0..3 {
            sent.send(address, "GET", "/error", "/error", 500);
        }
        sent.send(address, "GET", "/work?size=many", "/work", 400);
        sent.send(address, "BREW", "/teapot", "unmatched", 404);
        sent
    };
    let mut traffic = Traffic::default();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|number| scope.spawn(move || client(number))).collect();
        for client in clients {
            traffic.add(client.join().unwrap());
        }
    });
    traffic
}

/// Counts of the annotated functions after [`send_quick_requests`].
const CALLS: [&str; 6] = [
    r#"function_calls_total{function="error",module="quickstart::pages",result="error"} 12"#,
    r#"function_calls_total{function="index",module="quickstart::pages",result="ok"} 20"#,
    r#"function_calls_total{function="parse_size",module="quickstart::work",result="error"} 4"#,
    r#"function_calls_total{function="parse_size",module="quickstart::work",result="ok"} 100"#,
    r#"function_calls_total{function="work",module="quickstart::pages",result="error"} 4"#,
    r#"function_calls_total{function="work",module="quickstart::pages",result="ok"} 100"#,
];

/// Returns the lines of a counter that are not zero, without those of scrapes, whose number is unknown.
fn counted(page: &str, name: &str) -> Vec<String> {
    let lines = page.lines().filter(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{'))
            && !line.ends_with(" 0")
            && !line.contains(r#"endpoint="/metrics""#)
    });
    let mut lines: Vec<_> = lines.map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Returns the bounds of the bucket for a duration in an endpoint's histogram.
fn bucket(page: &str, endpoint: &str, duration: Duration) -> (f64, f64) {
    let prefix = format!(r#"http_request_duration_seconds_bucket{{method="GET",endpoint="{endpoint}",le=""#);
    let bounds = page.lines().filter_map(|line| line.strip_prefix(&prefix)?.split('"').next()?.parse().ok());
    let mut below = 0.0;
    for bound in bounds {
        if duration.as_secs_f64() <= bound {
            return (below, bound);
        }
        below = bound;
    }
    panic!("no bucket of {endpoint} holds {duration:?}");
}

/// Asserts that the median lies between the buckets of the least and of the longest possible duration.
#[track_caller]
fn assert_median(server: &Server, page: &str, endpoint: &str, least: Duration, longest: Duration) {
    let series = format!(r#"http_request_duration_seconds_bucket{{method="GET",endpoint="{endpoint}"}}"#);
    let median = server.value(&format!("histogram_quantile(0.5, {series})")).unwrap();
    let (low, _) = bucket(page, endpoint, least);
    let (_, high) = bucket(page, endpoint, longest);
    assert!(low < median && median <= high, "{endpoint}: {median} is not in ({low}, {high}]");
}

#[track_caller]
fn assert_prometheus_has(server: &Server, traffic: &Traffic) {
    for ((method, endpoint, status), requests) in &traffic.requests {
        let labels = format!(r#"method="{method}",endpoint="{endpoint}",status="{status}""#);
        server.assert_value(&format!("http_requests_total{{{labels}}}"), *requests as f64);
    }
    let all = r#"sum(http_requests_total{endpoint!="/metrics"})"#;
    server.assert_value(all, traffic.total() as f64);
    for endpoint in ["/", "/work", "/error", "/slow", "unmatched"] {
        let query = format!(r#"sum(http_request_duration_seconds_count{{endpoint="{endpoint}"}})"#);
        server.assert_value(&query, traffic.to_endpoint(endpoint) as f64);
    }
}

#[test]
fn prometheus_has_the_requests() {
    let service = Quickstart::start();
    let address = service.address;
    assert_eq!(promtool::check_metrics(&service.page()), Verdict::clean(), "before the first request");

    let server = Server::start(address);
    let mut traffic = send_quick_requests(address);
    server.wait_for_scrape();

    // A slow request is in flight while the server scrapes; on a busy machine it may take several.
    let in_progress = r#"http_requests_in_progress{method="GET",endpoint="/slow"}"#;
    let most_in_progress = format!("max_over_time({in_progress}[1h])");
    let is_seen = |_| {
        traffic.send(address, "GET", "/slow", "/slow", 200);
        server.wait_for_scrape();
        server.value(&most_in_progress) == Some(1.0)
    };
    assert!((0..20).any(is_seen), "no slow request is seen in progress");
    assert!(traffic.longest["/slow"] >= SLOW, "{:?}", traffic.longest["/slow"]);

    // A client can receive the response before the service has counted it.
    wait::until_equal(PATIENCE, "the page", &traffic.lines(), || {
        counted(&service.page(), "http_requests_total")
    });
    let page = service.page();
    let slow = traffic.to_endpoint("/slow");
    let slow =
        format!(r#"function_calls_total{{function="slow",module="quickstart::pages",result="ok"}} {slow}"#);
    let mut calls: Vec<_> = CALLS.map(str::to_owned).into_iter().chain([slow]).collect();
    calls.sort();
    assert_eq!(counted(&page, "function_calls_total"), calls);
    assert_eq!(
        counted(&page, "quickstart_searches_total"),
        [r#"quickstart_searches_total{range="short"} 100"#]
    );
    assert!(page.contains(&format!("{in_progress} 0\n")), "{page}");
    assert_eq!(promtool::check_metrics(&page), Verdict::clean(), "after the requests");

    server.wait_for_scrape();
    assert_prometheus_has(&server, &traffic);
    assert_median(&server, &page, "/slow", SLOW, traffic.longest["/slow"]);
    assert_median(&server, &page, "/work", Duration::ZERO, traffic.longest["/work"]);
    server.assert_value(in_progress, 0.0);
    server.assert_value(&most_in_progress, 1.0);
}

#[test]
fn client_disconnects() {
    let service = Quickstart::start();
    // Returns the first of these lines that the page has.
    let shows = |what: &str, lines: &[&str]| {
        let found = wait::poll(PATIENCE, || {
            let page = service.page();
            lines.iter().find(|line| page.lines().any(|shown| shown == **line)).map(|line| (*line).to_owned())
        });
        found.unwrap_or_else(|| panic!("{what}: none of {lines:?} is in\n{}", service.page()))
    };
    let slow = r#"{method="GET",endpoint="/slow""#;
    let gone = format!(r#"http_requests_total{slow},status="499"}} 1"#);
    // On a busy machine the response may come before the client disconnects; then it tries again.
    let leaves = |answers: u64| {
        let answered = format!(r#"http_requests_total{slow},status="200"}} {}"#, answers + 1);
        let stream = http::send("GET", service.address, "/slow").unwrap();
        shows("in progress", &[&format!("http_requests_in_progress{slow}}} 1"), &answered]);
        drop(stream);
        shows("gone", &[&gone, &answered]) == gone
    };
    assert!((0..20).any(leaves), "no client leaves in time");
    shows("over", &[&format!("http_requests_in_progress{slow}}} 0")]);
    let cancelled =
        r#"function_calls_total{function="slow",module="quickstart::pages",result="cancelled"} 1"#;
    shows("cancelled", &[cancelled]);
    assert_eq!(promtool::check_metrics(&service.page()), Verdict::clean());
}

#[test]
fn configuration_is_valid() {
    promtool::assert_config(&artefact::workspace().join("examples/quickstart/prometheus.yml"));
}

#[test]
fn quickstart_interrupt_and_taken_port() {
    let mut first = Quickstart::start();
    let port = first.address.port().to_string();

    let mut second = Process::start(&mut quickstart(&port), "it has just been built");
    let message = second.wait_for_line(PATIENCE, "that the port is taken", |line| {
        line.contains(&port).then(|| line.to_owned())
    });
    assert!(!second.wait_for_exit(PATIENCE).success(), "it must not look like a success: {message}");

    first.process.interrupt();
    let status = first.process.wait_for_exit(PATIENCE);
    assert!(status.success(), "stopped by Ctrl-C with {status}");
}
