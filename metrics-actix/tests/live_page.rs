//! The live page: its own script, as it is served, draws real metrics.

mod browser;
mod scraper;

use browser::{Browser, Service};
use metrics_core::{Capped, Counter, Definition, Family, Gauge, Histogram, LabelSet, Registry};

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
        "../internal/metrics application/json"
    );
    assert_eq!(browser.text("byId('state').textContent"), "scraped at noon, 5 series");
    assert_eq!(browser.lines("tilesOf('http-tiles')")[..2], ["requests: 0/s", "errors (5xx): 0 %"]);
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
            "errors (5xx): 8.33 %",
            "median: 125 ms",
            "95th percentile: 400 ms",
            "99th percentile: 400 ms",
            "in progress: 7",
        ]
    );
    // Linear inside of a bucket: the 95th of 100 is the 5th of ten from 0.2 to 0.4.
    assert_eq!(
        browser.lines("rows('http-table')"),
        [
            "endpoint | method | rate | errors | p50 | p95 | p99",
            "/users/{id} | GET | 10/s | 10 % | 100 ms | 300 ms | 380 ms",
            "/orders | POST | 2/s | 0 % | 400 ms | 400 ms | 400 ms",
        ]
    );
    assert_eq!(
        browser.lines("chartsOf(byId('http-charts'))"),
        [
            "Requests by status, now: 2xx 11/s, 3xx 0/s, 4xx 0/s, 5xx 1/s",
            "Latency, now: p50 125 ms, p95 400 ms, p99 400 ms",
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
    // It is drawn at its place: from 54 to 394, with 0 at 140 and 100, the axis' end, at 8.
    let curve =
        "charts.get('rates').svg.children.find((part) => part.attributes.class === 'curve').attributes.d";
    assert_eq!(browser.text(curve), "M54.0 8.0L224.0 126.8L394.0 126.8");
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
    assert_eq!(tiles[2..4], ["median: 150 ms", "95th percentile: 195 ms"]);
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
            "/a | GET | 1.5/s | 33.3 % | 50 ms | 95 ms | 99 ms",
            "/b | GET | 0.5/s | 0 % | 50 ms | 95 ms | 99 ms"
        ]
    );
    let tiles = browser.lines("tilesOf('http-tiles')");
    assert_eq!(
        [&*tiles[0], &*tiles[1], &*tiles[5]],
        ["requests: 2/s", "errors (5xx): 25 %", "in progress: 2"]
    );
}

#[derive(Clone, Debug, LabelSet)]
struct Call {
    function: Capped<100>,
    module: Capped<10>,
    result: Capped<10>,
}

#[derive(Clone, Debug, LabelSet)]
struct Function {
    function: Capped<100>,
    module: Capped<10>,
}

#[test]
fn functions_show_rates_failures_and_calls_in_flight() {
    let service = Service::new();
    let register = |name: &str| Definition::new(name.to_owned(), "Calls.");
    let calls: Family<Call, Counter> =
        service.registry.register(&register("function_calls_total")).expect("a new name");
    let running: Family<Function, Gauge> =
        service.registry.register(&register("function_calls_concurrent")).expect("a new name");
    let count = |function: &str, result: &str, number: u64| {
        let labels = Call { function: function.into(), module: "shop".into(), result: result.into() };
        calls.with(labels).inc_by(number);
    };
    running.with(Function { function: "pay".into(), module: "shop".into() }).set(3);
    let browser = service.open();
    for (result, number) in [("ok", 60), ("error", 15), ("cancelled", 5), ("panicked", 20)] {
        count("pay", result, number);
    }
    for number in 0..30 {
        count(&format!("other{number:02}"), "ok", 30 - number);
    }
    browser.scrape(10.0, &service.scrape());
    let rows = browser.lines("rows('function-table')");
    assert_eq!(rows[0], "function | module | rate | not ok | p50 | p95 | p99 | running");
    assert_eq!(rows[1], "pay | shop | 10/s | 40 % | – | – | – | 3");
    assert_eq!(rows[2], "other00 | shop | 3/s | 0 % | – | – | – | –");
    assert_eq!(rows.len(), 26, "the busiest 25");
    let caption = "byId('function-table').all('caption')[0].textContent";
    assert_eq!(browser.text(caption), "functions in the last 15 seconds, the 25 busiest of 31");
    assert_eq!(browser.lines("chartsOf(byId('function-charts'))"), ["Calls, now: all 56.5/s, not ok 4/s"]);
    assert!(browser.run::<bool>("byId('http').hidden"));
}

#[test]
fn every_family_shows_its_values() {
    let service = Service::new();
    let bytes: Gauge =
        service.registry.register(&Definition::new("heap_bytes", "Heap.")).expect("a new name");
    let deltas = Definition::new("drift_seconds", "Drift.").buckets(&[0.0, 1.0]);
    let drift: Histogram = service.registry.register(&deltas).expect("a new name");
    let jobs: Family<Function, Counter> =
        service.registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name");
    let job = |name: &str, number| {
        jobs.with(Function { function: name.into(), module: "m".into() }).inc_by(number);
    };
    bytes.set(1536);
    drift.observe(3.0);
    job("a", 5000);
    let browser = service.open();
    job("a", 10);
    job("b", 30);
    drift.observe(-4.0);
    drift.observe(2.0);
    browser.scrape(10.0, &service.scrape());
    let now = |name: &str| browser.text(&format!("family('{name}').querySelector('.now').textContent"));
    assert_eq!(now("heap_bytes"), "1.5 KiB");
    assert_eq!(now("jobs_total"), "2 series, 4/s");
    assert_eq!(now("drift_seconds"), "1 series, 0.2/s");
    let open = |name: &str| {
        browser.run::<()>(&format!("family('{name}').open = true; family('{name}').listeners.toggle()"));
        browser.lines(&format!(
            "family('{name}').all('tr').map((row) => row.children.map((cell) => cell.textContent).join(' | '))"
        ))
    };
    assert_eq!(
        open("jobs_total"),
        [
            "labels | value | rate",
            "function=\"b\" module=\"m\" | 30 | 3/s",
            "function=\"a\" module=\"m\" | 5,010 | 1/s",
        ]
    );
    assert_eq!(
        open("drift_seconds"),
        ["labels | rate | mean | p50 | p95 | p99", "no labels | 0.2/s | 1 s | 0 s | 1 s | 1 s"]
    );
    assert_eq!(open("heap_bytes"), ["labels | value", "no labels | 1.5 KiB"]);
    browser.run::<()>("byId('find').value = 'DRIFT'; byId('find').listeners.input()");
    assert_eq!(browser.run::<usize>("byId('families').children.length"), 1);
}

#[test]
fn page_asks_for_a_token_and_reports_an_unreachable_service() {
    let service = Service::behind(|route| route.bearer_token("secret"));
    let html = service.get("/internal/live");
    let browser = Browser::open(&html, 401, "");
    assert!(!browser.run::<bool>("byId('login').hidden"));
    assert_eq!(browser.text("byId('state').textContent"), "the service answers 401");
    browser.answer_with(200, "{\"families\":[]}");
    browser
        .run::<()>("byId('token').value = 'secret'; byId('login').listeners.submit({ preventDefault() {} })");
    assert_eq!(browser.text("asked.at(-1).headers.Authorization"), "Bearer secret");
    assert!(browser.run::<bool>("byId('login').hidden"));
    assert_eq!(browser.text("byId('state').textContent"), "scraped at noon, 0 series");
    browser.answer_nothing();
    browser.pass(2.0);
    assert_eq!(browser.text("byId('state').textContent"), "the service does not answer");
    assert!(browser.run::<bool>("byId('state').classList.contains('bad')"));
    // Pause stops the scrapes, and a second press resumes them. Several presses do not start two scrapes at once.
    browser.answer_with(200, "{\"families\":[]}");
    browser.run::<()>("byId('pause').listeners.click()");
    let asked: usize = browser.run("asked.length");
    browser.pass(100.0);
    assert_eq!(browser.run::<usize>("asked.length"), asked);
    browser.run::<()>("byId('pause').listeners.click(); byId('interval').listeners.change()");
    assert_eq!(browser.run::<usize>("asked.length"), asked + 2, "the second one after the first");
    assert_eq!(browser.run::<usize>("timers.size"), 1);
}
