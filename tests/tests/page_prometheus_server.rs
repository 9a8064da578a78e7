//! A real Prometheus server reads each format, and answers queries with the recorded values.

use std::{fmt::Write as _, fs, net::SocketAddr, time::Duration};

use metrics_core::{
    Capped, Counter, Definition, Family, Format, Gauge, Histogram, Info, LabelSet, LabelValue, Registry,
    StateSet, Summary,
};
use serde_json::json;
use tests::{
    page_server::{PATHS, serve},
    prometheus::Server,
    scratch::Scratch,
    wait,
};

const PATIENCE: Duration = Duration::from_secs(120);

fn start(target: SocketAddr, paths: &[(&str, Option<Format>)]) -> Server {
    let mut text = String::from("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n");
    for (path, _) in paths {
        let job = format!("  - job_name: {path}\n    metrics_path: /{path}\n    static_configs:");
        writeln!(text, "{job}\n      - targets: [\"{target}\"]").expect("writing to a string");
    }
    let data = Scratch::new("metrics-tests-formats");
    let file = data.path().join("prometheus.yml");
    fs::write(&file, text).expect("writing the configuration");
    Server::run_with(&file, data, "exemplar-storage,native-histograms")
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, LabelSet)]
struct Odd {
    odd: Capped<10>,
}

/// Metrics of the registry.
struct Metrics {
    jobs: Counter,
    level: Gauge<f64>,
    odd: Family<Odd, Gauge>,
    classic: Histogram,
    native: Histogram,
    beside: Histogram,
    size: Summary,
    _build: Info,
    phase: StateSet<Phase>,
}

const ODD: &str = "a\\\"b\nc{}=,#ä";

fn metrics(registry: &Registry) -> Metrics {
    let define = |name: &str| Definition::new(name, "Help \\ with \"all\"\nof it.");
    Metrics {
        jobs: registry.register(&define("jobs_total").label("queue", "mail")).unwrap(),
        level: registry.register(&define("level")).unwrap(),
        odd: registry.register(&define("odd")).unwrap(),
        classic: registry.register(&define("classic_seconds").unit("seconds").buckets(&[0.1, 1.0])).unwrap(),
        native: registry.register(&define("native_bytes").buckets(&[]).native_schema(3)).unwrap(),
        beside: registry.register(&define("beside_bytes").buckets(&[100.0, 1000.0]).native()).unwrap(),
        size: registry.register(&define("size_bytes")).unwrap(),
        _build: registry.register(&define("build_info").label("version", "1.2")).unwrap(),
        phase: registry.register(&define("phase")).unwrap(),
    }
}

fn record(metrics: &Metrics) {
    metrics.jobs.inc_by_with(3, [("trace_id", "counted")]);
    metrics.level.set(-2.5);
    metrics.odd.with(Odd { odd: ODD.into() }).set(7);
    metrics.classic.observe(0.05);
    metrics.classic.observe_with(0.5, [("trace_id", "observed"), ("span_id", "s1")]);
    for value in 1..=1000_u32 {
        metrics.native.observe(f64::from(value));
        metrics.beside.observe(f64::from(value));
    }
    metrics.native.observe(0.0);
    metrics.native.observe(-5.0);
    metrics.native.observe_with(500.0, [("trace_id", "native")]);
    metrics.size.observe(2.5);
    metrics.phase.set(Phase::Starting);
    metrics.phase.set(Phase::Running);
}

/// Asserts each value by a query.
#[track_caller]
fn assert_values(server: &Server, job: &str) {
    let odd = ODD.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    for (query, value) in [
        (format!("jobs_total{{queue=\"mail\",job=\"{job}\"}}"), 3.0),
        (format!("level{{job=\"{job}\"}}"), -2.5),
        (format!("odd{{odd=\"{odd}\",job=\"{job}\"}}"), 7.0),
        (format!("classic_seconds_sum{{job=\"{job}\"}}"), 0.55),
        (format!("classic_seconds_count{{job=\"{job}\"}}"), 2.0),
        (format!("sum(classic_seconds_bucket{{le=~\"1|1.0\",job=\"{job}\"}})"), 2.0),
        (format!("histogram_quantile(1, classic_seconds_bucket{{job=\"{job}\"}})"), 1.0),
        (format!("size_bytes_sum{{job=\"{job}\"}}"), 2.5),
        (format!("size_bytes_count{{job=\"{job}\"}}"), 1.0),
        (format!("build_info{{version=\"1.2\",job=\"{job}\"}}"), 1.0),
        (format!("phase{{phase=\"Starting\",job=\"{job}\"}}"), 0.0),
        (format!("phase{{phase=\"Running\",job=\"{job}\"}}"), 1.0),
    ] {
        server.wait_for_value(&query, value);
    }
}

/// Asserts quantiles of a native histogram with the numbers from 1 to 1000.
#[track_caller]
fn assert_quantiles(server: &Server, series: &str, error: f64) {
    for (quantile, value) in [(0.1, 100.0), (0.5, 500.0), (0.9, 900.0), (0.99, 990.0)] {
        let query = format!("histogram_quantile({quantile}, {series})");
        // On a busy machine the last scrape may have failed.
        let found = wait::poll(PATIENCE, || server.value(&query)).expect("a quantile");
        assert!((found / value - 1.0).abs() < error, "{series} {quantile}: {found}");
    }
}

#[test]
fn every_format() {
    let registry = Registry::new();
    let metrics = metrics(&registry);
    record(&metrics);
    let server = start(serve(&registry), &PATHS);
    for (job, _) in PATHS {
        // On a busy machine a scrape may fail at first; a page that cannot be read never succeeds.
        let up = format!("up{{job=\"{job}\"}}");
        wait::until_equal(PATIENCE, job, &Some(1.0), || server.value(&up));
        assert_values(&server, job);
    }
    for job in ["text", "openmetrics"] {
        server.wait_for_value(&format!("native_bytes_bucket{{le=\"+Inf\",job=\"{job}\"}}"), 1003.0);
        server.wait_for_value(&format!("beside_bytes_count{{job=\"{job}\"}}"), 1000.0);
    }
    for job in ["protobuf", "negotiated"] {
        let of = |name: &str| format!("{name}{{job=\"{job}\"}}");
        server.wait_for_value(&format!("histogram_count({})", of("native_bytes")), 1003.0);
        server.wait_for_value(&format!("histogram_sum({})", of("native_bytes")), 500_995.0);
        server.wait_for_value(&format!("histogram_count({})", of("beside_bytes")), 1000.0);
        assert_quantiles(&server, &of("native_bytes"), 0.09);
        assert_quantiles(&server, &of("beside_bytes"), 0.045);
    }
    for job in ["openmetrics", "protobuf"] {
        let exemplars = |name: &str| server.exemplars(&format!("{name}{{job=\"{job}\"}}"));
        let counted = vec![(json!({"trace_id": "counted"}), 3.0)];
        wait::until_equal(PATIENCE, job, &counted, || exemplars("jobs_total"));
        let observed = vec![(json!({"trace_id": "observed", "span_id": "s1"}), 0.5)];
        wait::until_equal(PATIENCE, job, &observed, || exemplars("classic_seconds_bucket"));
    }
    let native = || server.exemplars("native_bytes{job=\"protobuf\"}");
    wait::until_equal(PATIENCE, "native", &vec![(json!({"trace_id": "native"}), 500.0)], native);
    assert!(server.exemplars("jobs_total{job=\"text\"}").is_empty());
}

/// A histogram has one label set, and a series for each bucket, the sum and the count.
#[test]
fn label_sets_and_samples() {
    let server = start(serve(Registry::global()), &PATHS[..1]);
    server.wait_for_value("sum(scrape_samples_scraped > metrics_label_sets) > bool 0", 1.0);
    let parts = "count({__name__=~\".+_bucket|.+_count\"})";
    server.wait_for_value(&format!("sum(scrape_samples_scraped) - sum(metrics_label_sets) - {parts}"), 0.0);
}

/// Both names are the same series, so a server cannot tell them apart by their values.
#[test]
fn both_names_of_a_renamed_metric_have_the_same_rate() {
    let registry = Registry::new();
    let jobs = Definition::new("jobs_ended_total", "Jobs that ended.").renamed_from("jobs_total");
    let jobs: Counter = registry.register(&jobs).unwrap();
    let server = start(serve(&registry), &PATHS);
    for (path, _) in PATHS {
        let rate = |name: &str| format!("rate({name}{{job=\"{path}\"}}[2m])");
        wait::until_equal(PATIENCE, path, &true, || {
            jobs.inc();
            server.value(&rate("jobs_total")).is_some_and(|rate| rate > 0.0)
        });
        let difference = format!("{} - {}", rate("jobs_ended_total"), rate("jobs_total"));
        server.assert_value(&difference, 0.0);
    }
}
