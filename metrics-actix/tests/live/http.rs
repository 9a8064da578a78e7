//! Rates, shares and percentiles of HTTP requests.

use metrics_core::{Capped, Counter, Definition, Family, Gauge, Histogram, LabelSet, Registry};

use crate::browser::Service;

#[derive(Clone, Debug, LabelSet)]
struct Request {
    method: Capped<10>,
    endpoint: Capped<100>,
    status: Capped<20>,
}

#[derive(Clone, Debug, LabelSet)]
struct Of {
    method: Capped<10>,
    endpoint: Capped<100>,
}

/// Metrics of the middleware, with values set by a test.
struct Http {
    requests: Family<Request, Counter>,
    durations: Family<Of, Histogram>,
    in_progress: Family<Of, Gauge>,
}

impl Http {
    fn new(registry: &Registry) -> Self {
        let durations = Definition::new("http_request_duration_seconds", "Durations.");
        Self {
            requests: registry.register(&Definition::new("http_requests_total", "Requests.")).expect("new"),
            durations: registry.register(&durations.buckets(&[0.1, 0.2, 0.4])).expect("new"),
            in_progress: registry
                .register(&Definition::new("http_requests_in_progress", "In progress."))
                .expect("new"),
        }
    }

    /// Counts requests with a duration in seconds.
    fn count(&self, method: &str, endpoint: &str, status: &str, number: u64, seconds: f64) {
        let labels = Request { method: method.into(), endpoint: endpoint.into(), status: status.into() };
        self.requests.with(labels).inc_by(number);
        let durations = self.durations.with(Of { method: method.into(), endpoint: endpoint.into() });
        (0..number).for_each(|_| durations.observe(seconds));
    }
}

#[test]
fn rates_shares_and_percentiles_come_from_two_scrapes() {
    let service = Service::new();
    let http = Http::new(&service.registry);
    // Counts before the first scrape are in no rate.
    http.count("GET", "/users/{id}", "200", 1000, 0.3);
    let browser = service.open();
    assert_eq!(
        browser.text("asked[0].address + ' ' + asked[0].headers.Accept"),
        "/internal/../internal/metrics application/json"
    );
    assert_eq!(browser.text("byId('state').textContent"), "scraped at noon, 5 series");
    assert_eq!(browser.lines("tilesOf('http-tiles')")[..2], ["requests: 0/s", "5xx responses: –"]);
    // 100 in ten seconds, of which ten fail: a half of them up to 0.1 s, 90 up to 0.2 s, all up to 0.4 s.
    http.count("GET", "/users/{id}", "200", 50, 0.05);
    http.count("GET", "/users/{id}", "200", 40, 0.15);
    http.count("GET", "/users/{id}", "500", 10, 0.3);
    // A new series begins at zero. These requests take longer than the last bound.
    http.count("POST", "/orders", "201", 20, 7.0);
    http.in_progress.with(Of { method: "GET".into(), endpoint: "/users/{id}".into() }).set(3);
    http.in_progress.with(Of { method: "POST".into(), endpoint: "/orders".into() }).set(4);
    browser.scrape(10.0, &service.scrape());
    // Of 120: the 60th is the 10th of 40 from 0.1 to 0.2; the 114th and 118.8th are past the last bound.
    assert_eq!(
        browser.lines("tilesOf('http-tiles')"),
        [
            "requests: 12/s",
            "5xx responses: 8.33 %",
            "4xx responses: 0 %",
            "median: 125 ms",
            "p95: > 400 ms",
            "p99: > 400 ms",
            "in progress: 7",
        ]
    );
    // Linear inside of a bucket: the 95th of 100 is the 5th of ten from 0.2 to 0.4.
    assert_eq!(
        browser.lines("rows('http-table')"),
        [
            "endpoint | method | rate | 4xx | 5xx | p50 | p95 | p99",
            "/users/{id} | GET | 10/s | 0 % | 10 % | < 100 ms | 300 ms | 380 ms",
            "/orders | POST | 2/s | 0 % | 0 % | > 400 ms | > 400 ms | > 400 ms",
        ]
    );
    assert_eq!(
        browser.lines("chartsOf(byId('http-charts'))"),
        [
            "Requests by status, now: 2xx 11/s, 3xx 0/s, 4xx 0/s, 5xx 1/s",
            "Latency, now: p50 125 ms, p95 > 400 ms, p99 > 400 ms",
        ]
    );
}

#[test]
fn tables_span_fifteen_seconds_and_charts_one_scrape() {
    let service = Service::new();
    let http = Http::new(&service.registry);
    http.count("GET", "/", "200", 1, 0.1);
    let browser = service.open();
    for (seconds, number) in [(10.0, 1000), (10.0, 100), (5.0, 50)] {
        http.count("GET", "/", "200", number, 0.1);
        browser.scrape(seconds, &service.scrape());
    }
    // From the second scrape on: 150 in 15 seconds.
    assert_eq!(browser.lines("tilesOf('http-tiles')")[0], "requests: 10/s");
    let chart = "chartsOf(byId('http-charts'))[0]";
    assert!(browser.text(chart).starts_with("Requests by status, now: 2xx 10/s,"));
    // The first point is ten seconds after the first scrape: 1000 in ten seconds.
    browser.run::<()>("charts.get('rates').pointAt(0)");
    assert!(browser.text(chart).starts_with("Requests by status, 15 seconds ago: 2xx 100/s,"));
    // It is drawn at its place in time: from 64 to 394, with 0 at 140 and 100, the axis' end, at 8.
    let curve =
        "charts.get('rates').svg.children.find((part) => part.attributes.class === 'curve').attributes.d";
    assert_eq!(browser.text(curve), "M64.0 8.0L284.0 126.8L394.0 126.8");
}

#[test]
fn restarted_service_counts_from_zero() {
    let old = Service::new();
    let http = Http::new(&old.registry);
    http.count("GET", "/", "200", 1000, 0.3);
    let browser = old.open();
    let new = Service::new();
    let http = Http::new(&new.registry);
    http.count("GET", "/", "200", 40, 0.15);
    browser.scrape(10.0, &new.scrape());
    let tiles = browser.lines("tilesOf('http-tiles')");
    assert_eq!(tiles[0], "requests: 4/s");
    assert_eq!(tiles[3..5], ["median: 150 ms", "p95: 195 ms"]);
}

#[expect(clippy::struct_field_names, reason = "the conventions name them")]
#[derive(Clone, Debug, LabelSet)]
struct Named {
    http_request_method: Capped<10>,
    http_route: Capped<100>,
    http_response_status_code: Capped<20>,
}

#[test]
fn opentelemetry_names_are_recognized() {
    let service = Service::new();
    let of = |route: &str, status: &str| Named {
        http_request_method: "GET".into(),
        http_route: route.into(),
        http_response_status_code: status.into(),
    };
    // Its histogram counts the requests as well.
    let definition = Definition::new("http_server_request_duration_seconds", "Durations.");
    let family: Family<Named, Histogram> =
        service.registry.register(&definition.buckets(&[0.1, 0.2])).expect("a new name");
    let active: Gauge = service
        .registry
        .register(&Definition::new("http_server_active_requests", "Active."))
        .expect("a new name");
    active.set(2);
    let browser = service.open();
    for (route, status, count) in [("/a", "200", 10), ("/a", "503", 5), ("/b", "404", 5)] {
        (0..count).for_each(|_| family.with(of(route, status)).observe(0.1));
    }
    browser.scrape(10.0, &service.scrape());
    assert_eq!(
        browser.lines("rows('http-table')")[1..],
        [
            "/a | GET | 1.5/s | 0 % | 33.3 % | < 100 ms | < 100 ms | < 100 ms",
            "/b | GET | 0.5/s | 100 % | 0 % | < 100 ms | < 100 ms | < 100 ms"
        ]
    );
    let tiles = browser.lines("tilesOf('http-tiles')");
    assert_eq!(
        [&*tiles[0], &*tiles[1], &*tiles[2], &*tiles[6]],
        ["requests: 2/s", "5xx responses: 25 %", "4xx responses: 25 %", "in progress: 2"]
    );
}
