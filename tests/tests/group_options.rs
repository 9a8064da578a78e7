//! Options of groups and fields, each with its page.

use std::{sync::LazyLock, time::Duration};

use metrics_core::{
    Counter, Family, Gauge, Histogram, LabelSet, MetricGroup, Registry, UnregisterOnDrop,
    prometheus::{self, HistogramVec, IntCounter, IntCounterVec, IntGauge},
};

const NAME: &str = "renamed_total";
const HELP: &str = "Said elsewhere.";
const BOUNDS: &[f64] = &[1.0, 2.0];
const VERSION: &str = "1.2";

static OWN: LazyLock<Registry> = LazyLock::new(Registry::new);

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

#[derive(MetricGroup)]
#[metrics(namespace = "options", labels(zone = "a", version = VERSION), global = false, allow(target_label))]
struct Options {
    #[metric(name = NAME, help = HELP)]
    first_total: Counter,
    /// Sizes.
    #[metric(buckets = BOUNDS, labels(build = env!("CARGO_PKG_NAME")))]
    sizes: Histogram,
    /// There.
    #[metric(when = true)]
    there: Option<Gauge>,
    /// Not there.
    #[metric(when = kept_pages::text(OWN.text()).is_empty())]
    absent: Option<Family<Ranked, Gauge>>,
    #[metric(skip)]
    started: Vec<u8>,
}

#[test]
fn constants_conditions_labels() {
    let registry = Registry::new();
    let options = Options::register_in(&registry).expect("an empty registry");
    options.first_total.inc();
    options.sizes.observe(1.5);
    assert!(options.started.is_empty() && options.absent.is_none());
    if let Some(there) = &options.there {
        there.set(3);
    }
    assert_eq!(
        kept_pages::text(registry.text()),
        r#"# HELP options_renamed_total Said elsewhere.
# TYPE options_renamed_total counter
options_renamed_total{zone="a",version="1.2"} 1
# HELP options_sizes Sizes.
# TYPE options_sizes histogram
options_sizes_bucket{zone="a",version="1.2",build="tests",le="1"} 0
options_sizes_bucket{zone="a",version="1.2",build="tests",le="2"} 1
options_sizes_bucket{zone="a",version="1.2",build="tests",le="+Inf"} 1
options_sizes_sum{zone="a",version="1.2",build="tests"} 1.5
options_sizes_count{zone="a",version="1.2",build="tests"} 1
# HELP options_there There.
# TYPE options_there gauge
options_there{zone="a",version="1.2"} 3
"#
    );
}

/// A group in a static registry.
#[derive(MetricGroup)]
#[metrics(namespace = "own", registry = OWN)]
struct Own {
    /// Calls.
    calls_total: Counter,
}

#[test]
fn static_registry() {
    assert!(kept_pages::text(OWN.text()).contains("\nown_calls_total 0\n"));
    Own::global().calls_total.inc();
    assert!(kept_pages::text(OWN.text()).contains("\nown_calls_total 1\n"));
    assert!(!kept_pages::text(Registry::global().text()).contains("own_calls_total"));
}

#[derive(MetricGroup)]
#[metrics(namespace = "defaults", global = false)]
struct Defaults {
    /// Bytes.
    body_bytes: Histogram,
    /// Ratio.
    fill_ratio: Histogram,
    /// Seconds.
    work_duration_seconds: Histogram,
    /// Rows.
    #[metric(buckets = ROWS)]
    rows: Histogram,
}

const ROWS: [f64; 3] = [1.0, 10.0, 100.0];

#[test]
fn default_buckets() {
    let defaults = Defaults::unregistered();
    let last = |histogram: &Histogram| {
        let buckets = histogram.snapshot().buckets;
        (buckets.first().map(|bucket| bucket.0), buckets.iter().rev().nth(1).map(|bucket| bucket.0))
    };
    assert_eq!(last(&defaults.body_bytes), (Some(256.0), Some(67_108_864.0)));
    assert_eq!(last(&defaults.fill_ratio), (Some(0.01), Some(1.0)));
    assert_eq!(last(&defaults.work_duration_seconds), (Some(0.005), Some(10.0)));
    // An array instead of a slice.
    assert_eq!(last(&defaults.rows), (Some(1.0), Some(100.0)));
}

/// Fields with types of the `prometheus` crate.
#[derive(MetricGroup)]
#[metrics(namespace = "legacy", labels(zone = "a"), allow(target_label))]
struct Legacy {
    /// Calls.
    calls_total: IntCounter,
    /// Answers.
    #[metric(labels(method, status))]
    answers_total: IntCounterVec,
    /// Connections.
    connections: IntGauge,
    /// Time.
    #[metric(labels(method), buckets(0.5, 1))]
    answer_duration_seconds: HistogramVec,
}

#[test]
fn prometheus_fields() {
    let legacy = Legacy::global();
    legacy.calls_total.inc();
    legacy.answers_total.with_label_values(&["GET", "200"]).inc();
    legacy.connections.set(2);
    legacy.answer_duration_seconds.with_label_values(&["GET"]).observe(0.7);
    let page = kept_pages::text(Registry::global().text());
    for line in [
        r#"legacy_calls_total{zone="a"} 1"#,
        r#"legacy_answers_total{method="GET",status="200",zone="a"} 1"#,
        r#"legacy_connections{zone="a"} 2"#,
        r#"legacy_answer_duration_seconds_bucket{method="GET",zone="a",le="1"} 1"#,
    ] {
        assert_eq!(page.lines().filter(|other| *other == line).count(), 1, "{line} in\n{page}");
    }
    // A page of another test can delay the registration of the collector.
    let gathered = || {
        let families = prometheus::gather();
        families.iter().filter(|family| family.name() == "legacy_calls_total").count()
    };
    tests::wait::until_equal(Duration::from_secs(60), "the fields are gathered", &1, gathered);
}

#[test]
fn prometheus_fields_of_an_instance() {
    let registry = Registry::new();
    let legacy = Legacy::register_in(&registry).expect("an empty registry");
    legacy.calls_total.inc_by(5);
    assert!(kept_pages::text(registry.text()).contains("legacy_calls_total{zone=\"a\"} 5\n"));
    Legacy::register_in(&registry).expect("the same definitions").calls_total.inc();
    assert_eq!(legacy.calls_total.get(), 6);
    Legacy::unregistered().calls_total.inc();
}

/// Fields with types of the `prometheus` crate, in a group with several instances.
#[derive(MetricGroup)]
#[metrics(namespace = "connection", global = false)]
struct Connection {
    /// Answers.
    #[metric(labels(method))]
    answers_total: UnregisterOnDrop<IntCounterVec>,
    /// Time.
    #[metric(buckets(1))]
    answer_duration_seconds: UnregisterOnDrop<prometheus::Histogram>,
    /// Stays, as is usual with that crate.
    opened_total: IntCounter,
}

#[test]
fn prometheus_fields_unregister() {
    let registry = Registry::new();
    let one = Connection::register_in(registry.labelled("side", "one")).unwrap();
    let two = Connection::register_in(registry.labelled("side", "two")).unwrap();
    for connection in [&one, &two] {
        connection.answers_total.with_label_values(&["GET"]).inc();
        connection.answer_duration_seconds.observe(0.5);
        connection.opened_total.inc();
    }
    assert_eq!(registry.catalog().metrics.len(), 6);
    drop(one);
    assert_eq!(
        kept_pages::text(registry.text()),
        r#"# HELP connection_answer_duration_seconds Time.
# TYPE connection_answer_duration_seconds histogram
connection_answer_duration_seconds_bucket{side="two",le="1"} 1
connection_answer_duration_seconds_bucket{side="two",le="+Inf"} 1
connection_answer_duration_seconds_sum{side="two"} 0.5
connection_answer_duration_seconds_count{side="two"} 1
# HELP connection_answers_total Answers.
# TYPE connection_answers_total counter
connection_answers_total{method="GET",side="two"} 1
# HELP connection_opened_total Stays, as is usual with that crate.
# TYPE connection_opened_total counter
connection_opened_total{side="one"} 1
connection_opened_total{side="two"} 1
"#
    );
    assert_eq!(registry.catalog().metrics.len(), 4);
    drop((registry, two));
    // A group may outlive its registry.
    let short = Registry::new();
    let alone = Connection::register_in(&short).unwrap();
    drop(short);
    alone.answers_total.with_label_values(&["GET"]).inc();
}
