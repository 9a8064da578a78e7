//! All metric types as fields of a group, with the page.
#![cfg(feature = "enabled")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use metrics_core::{
    Capped, Counter, CounterFn, Definition, Family, Gauge, GaugeFn, Histogram, Info, LabelSet, LabelValue,
    MetricGroup, Registry, StateSet, Summary,
    prometheus::{self, proto},
};

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, Copy, LabelSet)]
struct Pool {
    primary: bool,
}

#[derive(Clone, LabelSet)]
struct Build {
    commit: Capped<1>,
}

#[derive(MetricGroup)]
#[metrics(namespace = "types", global = false)]
struct Types {
    /// Open connections.
    connections: Family<Pool, GaugeFn>,
    /// Load of the pool.
    load_ratio: GaugeFn<f64>,
    /// Page faults.
    faults_total: CounterFn,
    /// Time on the processor.
    cpu_seconds_total: CounterFn<f64>,
    /// Version of the running build.
    #[metric(labels(version = "1.2"))]
    build_info: Info,
    /// Source of the build.
    source_info: Family<Build, Info>,
    /// Phase of the service.
    phase: StateSet<Phase>,
    /// Phase of a pool.
    pool_phase: Family<Pool, StateSet<Phase>>,
    /// Time of a query.
    query_duration_seconds: Summary,
    /// Size of an answer.
    answer_bytes: Family<Pool, Summary>,
}

const PAGE: &str = r#"# HELP metrics_overflow_total Number of observations past the limit of a capped label, by metric.
# TYPE metrics_overflow_total counter
metrics_overflow_total{metric="types_source_info"} 0
# HELP types_answer_bytes Size of an answer.
# TYPE types_answer_bytes summary
types_answer_bytes_sum{primary="false"} 0
types_answer_bytes_count{primary="false"} 0
types_answer_bytes_sum{primary="true"} 8.5
types_answer_bytes_count{primary="true"} 1
# HELP types_build_info Version of the running build.
# TYPE types_build_info gauge
types_build_info{version="1.2"} 1
# HELP types_connections Open connections.
# TYPE types_connections gauge
types_connections{primary="false"} 0
types_connections{primary="true"} 3
# HELP types_cpu_seconds_total Time on the processor.
# TYPE types_cpu_seconds_total counter
types_cpu_seconds_total 1.5
# HELP types_faults_total Page faults.
# TYPE types_faults_total counter
types_faults_total 7
# HELP types_load_ratio Load of the pool.
# TYPE types_load_ratio gauge
types_load_ratio 0.25
# HELP types_phase Phase of the service.
# TYPE types_phase gauge
types_phase{types_phase="starting"} 0
types_phase{types_phase="running"} 1
# HELP types_pool_phase Phase of a pool.
# TYPE types_pool_phase gauge
types_pool_phase{primary="false",types_pool_phase="starting"} 1
types_pool_phase{primary="false",types_pool_phase="running"} 0
types_pool_phase{primary="true",types_pool_phase="starting"} 0
types_pool_phase{primary="true",types_pool_phase="running"} 1
# HELP types_query_duration_seconds Time of a query.
# TYPE types_query_duration_seconds summary
types_query_duration_seconds_sum 0.25
types_query_duration_seconds_count 1
# HELP types_source_info Source of the build.
# TYPE types_source_info gauge
types_source_info{commit="8a90611"} 1
"#;

#[test]
fn every_type() {
    let registry = Registry::new();
    let types = Types::register_in(&registry).expect("an empty registry");
    let faults = Arc::new(AtomicU64::new(7));
    let _: &Info = &types.build_info;
    types.connections.with(Pool { primary: true }).read_from(|| 3);
    types.load_ratio.read_from(|| 0.25);
    types.faults_total.read_from(move || faults.load(Relaxed));
    types.cpu_seconds_total.read_from(|| 1.5);
    types.source_info.with(Build { commit: "8a90611".into() }).publish();
    types.phase.set(Phase::Running);
    types.pool_phase.with(Pool { primary: true }).set(Phase::Running);
    types.query_duration_seconds.observe_duration(Duration::from_millis(250));
    types.answer_bytes.with(Pool { primary: true }).observe(8.5);
    assert_eq!(kept_pages::text(registry.text()), PAGE);
    // A second page is the same.
    assert_eq!(kept_pages::text(registry.text()), PAGE);
    assert!(types.pool_phase.with(Pool { primary: false }).is(Phase::Starting));
    assert_eq!((types.load_ratio.get(), types.faults_total.get()), (0.25, 7));
    types.source_info.with(Build { commit: "8a90611".into() }).withdraw();
    assert!(types.source_info.series().is_empty());
}

#[test]
fn callback_is_replaced_and_removed() {
    let registry = Registry::new();
    let kept = Arc::new(());
    let gauge: GaugeFn = registry.register(&Definition::new("queue", "Queue.")).expect("an empty registry");
    let held = Arc::clone(&kept);
    gauge.read_from(move || i64::try_from(Arc::strong_count(&held)).unwrap_or(0));
    assert!(kept_pages::text(registry.text()).contains("\nqueue 2\n"));
    gauge.read_from(|| -1);
    assert_eq!(Arc::strong_count(&kept), 1);
    assert_eq!(gauge.get(), -1);
    let held = Arc::clone(&kept);
    gauge.read_from(move || i64::from(Arc::ptr_eq(&held, &held)));
    drop(gauge);
    assert_eq!(Arc::strong_count(&kept), 1);
    assert_eq!(kept_pages::text(registry.text()), "");
}

#[test]
fn panicking_callback_is_skipped() {
    let registry = Registry::global();
    let definition = Definition::new("panicking", "Panics.");
    let gauge: GaugeFn = registry.register(&definition).expect("nothing has the name");
    let other: Counter = registry.register(&Definition::new("others_total", "Others.")).expect("the same");
    gauge.read_from(|| panic!("for the test"));
    other.inc();
    let page = kept_pages::text(registry.text());
    assert!(!page.contains("panicking"), "{page}");
    assert!(page.contains("\nothers_total 1\n"), "{page}");
    // The next page shows the error, whichever family comes first.
    let errors = "metrics_scrape_errors_total{cause=\"panic\"} ";
    assert!(
        kept_pages::text(registry.text())
            .lines()
            .any(|line| line.starts_with(errors) && !line.ends_with(" 0"))
    );
}

#[test]
fn callback_reuses_a_slot() {
    let registry = Registry::new();
    let definition = Definition::new("reused_total", "Reused.");
    let counter: Counter = registry.register(&definition).expect("an empty registry");
    counter.inc_by(1000);
    drop(counter);
    let read: CounterFn = registry.register(&definition).expect("nothing is left of the other");
    read.read_from(|| 5);
    assert!(kept_pages::text(registry.text()).contains("\nreused_total 5\n"));
}

#[test]
fn info_suffix() {
    let registered = Registry::new().register::<Info>(&Definition::new("build", "What runs."));
    let error = registered.expect_err("it does not end in `_info`").to_string();
    assert!(error.ends_with("`build`: the name of an info metric ends in `_info`"), "{error}");
}

#[test]
fn timers() {
    let registry = Registry::new();
    let definition = Definition::new("work_duration_seconds", "Work.");
    let work: Family<Pool, Histogram> = registry.register(&definition).expect("an empty registry");
    let primary = work.with(Pool { primary: true });
    drop(primary.start_timer());
    primary.start_timer().observe_duration();
    assert!(primary.start_timer().stop_and_record() >= 0.0);
    primary.start_timer().stop_and_discard();
    let ended = std::panic::catch_unwind(|| primary.observe_closure_duration(|| panic!("for the test")));
    assert!(ended.is_err());
    assert_eq!((primary.count(), primary.snapshot().count), (4, 4));
    let series = work.series();
    assert_eq!(series.len(), 2);
    assert_eq!((series[1].label("primary"), series[1].value.count), (Some("true"), 4));
}

/// Observes durations from short ones to those of more than 64 bits of nanoseconds, as seconds and as `Duration`.
#[test]
fn unusual_durations() {
    const NANOS: f64 = 1e-9;
    const MOST: f64 = u64::MAX as f64 * NANOS;
    let seconds = [
        (0.0, 0, 0.0),
        (-0.0, 0, 0.0),
        (-5.0, 0, 0.0),
        (f64::NEG_INFINITY, 0, 0.0),
        (0.5, 0, 0.5),
        (0.5 + NANOS, 1, 0.5 + NANOS),
        (2_251_799.0, 1, 2_251_799.0),
        (2_251_800.0, 1, 2_251_800.0), // more than 2^51 nanoseconds
        (9_223_372_036.0, 1, 9_223_372_036.0),
        (9_223_372_037.0, 2, 9_223_372_037.0), // more than 2^63
        (18_446_744_073.0, 2, 18_446_744_073.0),
        (18_446_744_074.0, 2, MOST), // more than 2^64
        (f64::INFINITY, 2, MOST),
        (f64::NAN, 2, 0.0),
    ];
    // Seconds past `Duration::MAX` are clamped; negative ones and NaN are zero.
    let duration = |seconds: f64| match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => Some(duration),
        Err(_) => (seconds > 0.0).then_some(Duration::MAX),
    };
    let definition = Definition::new("work_duration_seconds", "Work.").buckets(&[0.5, 9_223_372_036.5]);
    for (value, bucket, sum) in seconds.into_iter().chain([(1e19, 2, MOST)]) {
        let expect = |means: &str, observe: &dyn Fn(&Histogram)| {
            let work: Histogram = Registry::new().register(&definition).expect("an empty registry");
            observe(&work);
            let counts = work.snapshot().buckets.into_iter().map(|(_, count)| count);
            let expected: Vec<u64> = (0..3).map(|at| u64::from(at >= bucket)).collect();
            assert_eq!(counts.collect::<Vec<_>>(), expected, "{means} {value}");
            assert!((work.sum() - sum).abs() <= sum * f64::EPSILON, "{means} {value}: {}", work.sum());
        };
        expect("observe", &|work| work.observe(value));
        if let Some(duration) = duration(value) {
            expect("observe_duration", &|work| work.observe_duration(duration));
        }
    }
}

#[test]
fn tracked_gauge() {
    let registry = Registry::new();
    let gauge: Gauge<f64> =
        registry.register(&Definition::new("under_way", "Under way.")).expect("an empty registry");
    let (one, two) = (gauge.track(), gauge.track());
    assert!((gauge.get() - 2.0).abs() < f64::EPSILON);
    drop((one, two));
    assert!(gauge.get().abs() < f64::EPSILON);
}

#[test]
fn bridge() {
    let registry = Registry::global();
    let phase: StateSet<Phase> =
        registry.register(&Definition::new("bridge_phase", "Phase.")).expect("nothing has the name");
    let summary: Summary =
        registry.register(&Definition::new("bridge_bytes", "Bytes.")).expect("nothing has the name");
    phase.set(Phase::Running);
    summary.observe(3.0);
    // A page of another test can delay the registration of the collector.
    let shown =
        |families: &[proto::MetricFamily]| families.iter().any(|family| family.name() == "bridge_phase");
    let begin = Instant::now();
    let mut gathered = std::iter::repeat_with(prometheus::gather)
        .inspect(|_| std::thread::sleep(Duration::from_millis(10)))
        .take_while(|_| begin.elapsed() < Duration::from_secs(60));
    let families = gathered.find(|families| shown(families)).expect("on the bridge");
    let find = |name: &str| families.iter().find(|family| family.name() == name).expect("on the bridge");
    let states: Vec<_> = find("bridge_phase")
        .get_metric()
        .iter()
        .map(|metric| metric.get_label()[0].value().to_owned())
        .collect();
    assert_eq!(states, ["running", "starting"], "that crate sorts by label values");
    assert_eq!(find("bridge_bytes").get_metric()[0].get_summary().sample_count(), 1);
}
