//! The delimited protobuf.

use metrics_core::{
    Counter, Definition, Family, Gauge, Histogram, Info, LabelSet, LabelValue, Registry, StateSet, Summary,
    prometheus,
};
use tests::protobuf::{self as proto, Label, Metric, MetricFamily, families};

fn family(name: &str, help: &str, kind: i32, metrics: Vec<Metric>) -> MetricFamily {
    MetricFamily { name: Some(name.into()), help: Some(help.into()), kind: Some(kind), metrics, unit: None }
}

fn counter(value: f64) -> proto::Counter {
    proto::Counter { value: Some(value), ..Default::default() }
}

fn gauge(value: f64, labels: &[(&str, &str)]) -> Metric {
    let labels = labels.iter().map(|(name, value)| Label::new(name, value)).collect();
    Metric { labels, gauge: Some(proto::Gauge { value: Some(value) }), ..Metric::default() }
}

fn histogram(count: u64, sum: f64, buckets: &[(u64, f64)]) -> Metric {
    let bucket = |(count, bound): &(u64, f64)| proto::Bucket {
        count: Some(*count),
        bound: Some(*bound),
        ..Default::default()
    };
    let buckets = buckets.iter().map(bucket).collect();
    let histogram = proto::Histogram { count: Some(count), sum: Some(sum), buckets, ..Default::default() };
    Metric { histogram: Some(histogram), ..Metric::default() }
}

#[test]
fn our_families_are_read_back() {
    let registry = Registry::new();
    let value = "a\\\"b\n,c=\"\\nä".repeat(20);
    let definition = Definition::new("sent_bytes_total", "Sent\n.").unit("bytes");
    let sent: Counter = registry.register(&definition.label("to", value.clone()).label("b", "2")).unwrap();
    let level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5, 1.0])).unwrap();
    sent.inc_by(300);
    level.set(-7);
    time.observe(0.75);
    time.observe(1.5);
    let sent = Metric {
        labels: vec![Label::new("to", &value), Label::new("b", "2")],
        counter: Some(counter(300.0)),
        ..Metric::default()
    };
    let mut sent = family("sent_bytes_total", "Sent\n.", 0, vec![sent]);
    sent.unit = Some("bytes".into());
    let time = histogram(2, 2.25, &[(0, 0.5), (1, 1.0), (2, f64::INFINITY)]);
    let expected = [
        family("level", "Level.", 1, vec![gauge(-7.0, &[])]),
        sent,
        family("time_seconds", "Time.", 4, vec![time]),
    ];
    assert_eq!(families(&registry, &[]), expected);
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

#[test]
fn infos_state_sets_and_summaries_are_read_back() {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let _build: Info = registry.register(&define("app_build_info").label("version", "1\"2")).unwrap();
    let phase: StateSet<Phase> = registry.register(&define("app_phase").label("a", "b")).unwrap();
    let size: Summary = registry.register(&define("app_size_bytes")).unwrap();
    let share: Family<Ranked, Gauge<f64>> = registry.register(&define("app_share")).unwrap();
    phase.set(Phase::Starting);
    phase.set(Phase::Running);
    size.observe(2.5);
    share.with(Ranked { ranked: true }).set(f64::NEG_INFINITY);
    let summary = proto::Summary { count: Some(1), sum: Some(2.5), ..Default::default() };
    let expected = [
        family("app_build_info", "Help.", 1, vec![gauge(1.0, &[("version", "1\"2")])]),
        family(
            "app_phase",
            "Help.",
            1,
            vec![
                gauge(0.0, &[("a", "b"), ("app_phase", "Starting")]),
                gauge(1.0, &[("a", "b"), ("app_phase", "Running")]),
            ],
        ),
        family(
            "app_share",
            "Help.",
            1,
            vec![gauge(0.0, &[("ranked", "false")]), gauge(f64::NEG_INFINITY, &[("ranked", "true")])],
        ),
        family("app_size_bytes", "Help.", 2, vec![Metric { summary: Some(summary), ..Metric::default() }]),
    ];
    assert_eq!(families(&registry, &[]), expected);
}

#[test]
fn exemplars_are_read_back_with_their_time() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5])).unwrap();
    jobs.inc_by_with(3, [("trace_id", "a\"b"), ("span_id", "c")]);
    time.observe_with(0.25, [("id", "x")]);
    let families = families(&registry, &[]);
    let of_counter = families[0].metrics[0].counter.as_ref().unwrap().exemplar.clone().unwrap();
    assert_eq!(of_counter.labels, [Label::new("trace_id", "a\"b"), Label::new("span_id", "c")]);
    assert_eq!(of_counter.value, Some(3.0));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let time = of_counter.timestamp.unwrap();
    assert!(
        u64::try_from(time.seconds).unwrap().abs_diff(now) < 60 && (0..1_000_000_000).contains(&time.nanos)
    );
    let histogram = families[1].metrics[0].histogram.clone().unwrap();
    assert_eq!(histogram.buckets[0].exemplar.as_ref().unwrap().labels, [Label::new("id", "x")]);
    assert_eq!(histogram.buckets[1].exemplar, None);
    assert!(histogram.exemplars.is_empty(), "they are for native histograms");
}

#[test]
fn since_when_series_count_is_read_back() {
    let registry = Registry::new();
    let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let _size: Summary = registry.register(&Definition::new("size_bytes", "Size.")).unwrap();
    let _time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5])).unwrap();
    let created = |families: &[MetricFamily]| {
        let metric = |at: usize| families[at].metrics[0].clone();
        [
            metric(0).counter.unwrap().created,
            metric(1).summary.unwrap().created,
            metric(2).histogram.unwrap().created,
        ]
    };
    assert_eq!(created(&families(&registry, &[])), [None; 3]);
    registry.show_created(true);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for time in created(&families(&registry, &[])) {
        assert!(u64::try_from(time.unwrap().seconds).unwrap().abs_diff(now) < 60);
    }
}

#[test]
fn foreign_families_are_read_back() {
    let times = prometheus::register_histogram!("protobuf_times", "Times.", vec![1.0]).unwrap();
    times.observe(3.0);
    let expected =
        family("protobuf_times", "Times.", 4, vec![histogram(1, 3.0, &[(0, 1.0), (1, f64::INFINITY)])]);
    assert_eq!(families(Registry::global(), &["protobuf_times"]), [expected]);
}
