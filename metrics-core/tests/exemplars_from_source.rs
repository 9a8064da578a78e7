//! Exemplars of an installed source.

#![cfg(feature = "enabled")]

use std::{
    cell::Cell,
    sync::{LazyLock, Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use allocation_counter::measure;
use metrics_core::{
    Capped, Counter, Definition, ExemplarLabels, ExemplarSource, Family, Gauge, Histogram, LabelSet,
    Registry, SourceInstalled, Summary, install_exemplar_source, observed, timed,
};

thread_local! {
    /// Sampled span of this thread, or zero.
    static SPAN: Cell<u64> = const { Cell::new(0) };
}

struct Spans;

/// Metrics in which the source counts.
static ASKED: OnceLock<Counter> = OnceLock::new();

impl ExemplarSource for Spans {
    fn current(&self, labels: &mut ExemplarLabels) {
        match SPAN.get() {
            0 => {}
            13 => {
                // On one thread only, as the first count of a thread may allocate.
                ASKED.get().unwrap().inc();
                panic!("a source that panics");
            }
            span => labels.push_display("trace_id", format_args!("{span:08x}")),
        }
    }
}

/// Installs the source once for all tests of this program.
fn install() {
    static ONCE: LazyLock<()> = LazyLock::new(|| {
        // The installing thread may have counted before.
        let early: Counter = Registry::new().register(&Definition::new("early_total", "Early.")).unwrap();
        early.inc();
        install_exemplar_source(Spans).unwrap();
        assert_eq!(install_exemplar_source(Spans), Err(SourceInstalled));
    });
    LazyLock::force(&ONCE);
}

fn in_span<R>(span: u64, work: impl FnOnce() -> R) -> R {
    let before = SPAN.replace(span);
    let result = work();
    SPAN.set(before);
    result
}

/// Returns the lines with an exemplar, without its timestamp.
fn with_exemplar(page: &str) -> Vec<&str> {
    page.lines()
        .filter(|line| line.contains(" # "))
        .map(|line| line.rsplit_once(' ').unwrap().0)
        .filter(|line| !line.starts_with("function_"))
        .collect()
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<2>,
}

#[test]
fn every_metric_type() {
    install();
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let whole: Counter = registry.register(&define("a_total")).unwrap();
    let fraction: Counter<f64> = registry.register(&define("b_total")).unwrap();
    let capped: Family<Tenant, Counter> = registry.register(&define("c_total")).unwrap();
    let time: Histogram = registry.register(&define("d_seconds").buckets(&[0.1, 1.0])).unwrap();
    let size: Histogram = registry.register(&define("e_bytes").buckets(&[10.0])).unwrap();
    let level: Gauge = registry.register(&define("f")).unwrap();
    let sum: Summary = registry.register(&define("g_seconds")).unwrap();
    let float_sum: Summary = registry.register(&define("h_bytes")).unwrap();
    let count = || {
        whole.inc_by(2);
        fraction.inc_by(0.5);
        capped.with(Tenant { tenant: "x".into() }).inc();
        time.observe(0.5);
        time.observe_duration(Duration::from_millis(50));
        size.observe(11.0);
        level.inc();
        sum.observe(1.0);
        float_sum.observe(1.0);
    };
    let outside = || {
        count();
        assert_eq!(with_exemplar(&registry.open_metrics()), [""; 0]);
    };
    outside();
    let expected = [
        r#"a_total 4 # {trace_id="000000ff"} 2"#,
        r#"b_total 1 # {trace_id="000000ff"} 0.5"#,
        r#"c_total{tenant="x"} 2 # {trace_id="000000ff"} 1"#,
        r#"d_seconds_bucket{le="0.1"} 2 # {trace_id="000000ff"} 0.05"#,
        r#"d_seconds_bucket{le="1.0"} 4 # {trace_id="000000ff"} 0.5"#,
        r#"e_bytes_bucket{le="+Inf"} 2 # {trace_id="000000ff"} 11"#,
    ];
    in_span(255, count);
    assert_eq!(with_exemplar(&registry.open_metrics()), expected);
    // A count outside of a sampled span keeps the former exemplar.
    count();
    let page = registry.open_metrics();
    assert!(page.contains(r#"a_total 6 # {trace_id="000000ff"} 2 "#), "{page}");
    whole.inc_with([("given", "here")]);
    in_span(1, || whole.inc_with([("given", "there")]));
    assert!(registry.open_metrics().contains(r#"a_total 8 # {given="there"} 1 "#));
}

#[observed]
fn work(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[timed(name = "labelled_duration_seconds", help = "Time.", labels(even = number.is_multiple_of(2)), buckets(60.0))]
fn labelled(number: u64) {
    std::hint::black_box(number);
}

#[test]
fn annotated_functions() {
    install();
    let _ = in_span(0xA, || work(1));
    let _ = in_span(0xB, || work(0));
    let _ = in_span(0, || work(1));
    in_span(0xC, || labelled(2));
    let page = Registry::global().open_metrics();
    for (start, exemplar) in [
        (r#"function_calls_total{function="work","#, r#"result="ok"} 2 # {trace_id="0000000a"} 1 "#),
        (r#"function_calls_total{function="work","#, r#"result="error"} 1 # {trace_id="0000000b"} 1 "#),
        (r#"function_calls_duration_seconds_bucket{function="work","#, r#"# {trace_id="0000000"#),
        (r#"labelled_duration_seconds_bucket{even="true",le="60.0"} 1"#, r#"# {trace_id="0000000c"} "#),
    ] {
        let shows = |line: &str| line.starts_with(start) && line.contains(exemplar);
        assert!(page.lines().any(shows), "{start} {exemplar} in\n{page}");
    }
    assert!(!page.lines().any(|line| line.starts_with("function_calls_concurrent") && line.contains(" # ")));
}

#[test]
fn source_counts_and_panics() {
    install();
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let asked: Counter = registry.register(&Definition::new("asked_total", "Asked.")).unwrap();
    let asked = ASKED.get_or_init(|| asked);
    let before = asked.get();
    in_span(0xD, || jobs.inc());
    assert!(asked.get() > before);
    jobs.inc();
    let page = registry.open_metrics();
    assert!(page.contains("jobs_total 2\n"), "13 is the span in which the source panics: {page}");
    assert!(page.contains("asked_total ") && !page.contains("asked_total # "));
    let global = Registry::global().text();
    assert!(!global.contains("metrics_exemplars_dropped_total{cause=\"panic\"} 0"), "{global}");
}

#[test]
fn one_per_scrape() {
    install();
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let shown = || {
        let page = registry.open_metrics();
        let line = with_exemplar(&page)[0];
        let id = line.split('"').nth(1).unwrap();
        u64::from_str_radix(id, 16).unwrap()
    };
    for round in 1..=100_u64 {
        let spans = round * 1000..round * 1000 + 50;
        spans.clone().for_each(|span| in_span(span, || jobs.inc()));
        let span = shown();
        assert!(spans.contains(&span), "{span} in round {round}");
        assert_eq!(span, shown(), "it stays where nothing was counted");
    }
}

#[test]
fn renewed_without_a_scrape() {
    install();
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let asked_at = Instant::now();
    in_span(0xF0, || jobs.inc());
    // The text format has no exemplars.
    assert!(registry.text().contains("jobs_total 1\n"));
    // Longer than a series waits between two exemplars.
    while asked_at.elapsed() < Duration::from_millis(200) {
        thread::sleep(Duration::from_millis(10));
    }
    in_span(0xF1, || jobs.inc());
    let page = registry.open_metrics();
    assert!(with_exemplar(&page)[0].contains("000000f1"), "{page}");
}

#[test]
fn allocations() {
    install();
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let time: Histogram = registry.register(&Definition::new("time_seconds", "Time.")).unwrap();
    let count = |span| {
        in_span(span, || {
            jobs.inc();
            time.observe(0.5);
        });
    };
    count(1);
    let _shown = registry.open_metrics();
    let allocated = measure(|| {
        (0..100).for_each(|_| count(2));
    });
    assert_eq!(allocated.count_total, 0);
    assert_eq!(with_exemplar(&registry.open_metrics()).len(), 2);
    let page = registry.open_metrics();
    assert!(with_exemplar(&page).iter().all(|line| line.contains("00000002")), "{page}");
}

#[test]
fn threads_come_and_go() {
    install();
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let seen = Mutex::new(Vec::new());
    for round in 1..=20_u64 {
        thread::scope(|scope| {
            for thread in 0..4 {
                let (jobs, registry, seen) = (&jobs, &registry, &seen);
                scope.spawn(move || {
                    in_span(round * 100 + thread, || (0..50).for_each(|_| jobs.inc()));
                    seen.lock().unwrap().push(with_exemplar(&registry.open_metrics()).len());
                });
            }
        });
    }
    assert_eq!(jobs.get(), 20 * 4 * 50);
    assert!(seen.into_inner().unwrap().iter().all(|lines| *lines == 1));
}
