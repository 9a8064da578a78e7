//! Operations measured in instructions: `scripts/instructions` runs this under callgrind and prints a table.
//!
//! Each operation is a function of its own that is never inlined, so that the profile has a line for it. The figures hold the
//! call and the return, two instructions.
//!
//! An argument installs a source of exemplars first: `unsampled` for one that returns none, as outside of sampled
//! spans, and `sampled` for one that returns a trace and a span, which is asked a few times a second; with
//! `renewed` a page is made before each operation, so each operation takes an exemplar. The sources themselves only format
//! two numbers. `span-unsampled`, `span-sampled` and `span-renewed` run within a span of OpenTelemetry.

mod spans;

use std::{hint::black_box, sync::LazyLock, time::Duration};

use metrics_core::{
    Bounded, Capped, Counter, Definition, ExemplarLabels, ExemplarSource, Family, Gauge, Histogram, LabelSet,
    Registry, StatusClass, counted, install_exemplar_source, observed, timed,
};

/// Number of runs of each warm operation.
const TIMES: usize = 1000;

#[derive(Clone, Copy, LabelSet)]
struct Labels {
    status: StatusClass,
    cached: bool,
    secure: bool,
}

/// 40,000 series.
#[derive(Clone, Copy, LabelSet)]
struct Shards {
    shard: Bounded<0, 199>,
    kind: Bounded<0, 19>,
    status: Bounded<0, 9>,
}

/// 300 series, which as histograms take more slots than flat ones.
#[derive(Clone, Copy, LabelSet)]
struct Hundreds {
    number: Bounded<0, 299>,
}

/// Bounds that are no durations.
const SIZES: [f64; 14] =
    [3.7, 14.8, 33.3, 59.2, 92.5, 133.2, 181.3, 236.8, 299.7, 370.0, 447.7, 532.8, 625.3, 725.2];

#[derive(Clone, LabelSet)]
struct Tenant {
    name: Capped<100>,
    status: StatusClass,
    cached: bool,
}

struct Metrics {
    counter: Counter,
    gauge: Gauge,
    histogram: Histogram,
    native: Histogram,
    sizes: Histogram,
    labelled: Family<Labels, Counter>,
    large: Family<Shards, Counter>,
    large_durations: Family<Hundreds, Histogram>,
    large_sizes: Family<Hundreds, Histogram>,
    capped: Family<Tenant, Counter>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);
static METRICS: LazyLock<Metrics> = LazyLock::new(|| {
    let define = |name: &str| Definition::new(name, "Help.");
    Metrics {
        counter: REGISTRY.register(&define("counter_total")).expect("a legal definition"),
        gauge: REGISTRY.register(&define("gauge")).expect("a legal definition"),
        histogram: REGISTRY.register(&define("work_duration_seconds")).expect("a legal definition"),
        native: REGISTRY.register(&define("native_seconds").native()).expect("a legal definition"),
        sizes: REGISTRY.register(&define("sizes").buckets(&SIZES)).expect("a legal definition"),
        large: REGISTRY.register(&define("large_total")).expect("a legal definition"),
        large_durations: REGISTRY.register(&define("large_seconds")).expect("a legal definition"),
        large_sizes: REGISTRY.register(&define("large_sizes").buckets(&SIZES)).expect("a legal definition"),
        labelled: REGISTRY.register(&define("labelled_total")).expect("a legal definition"),
        capped: REGISTRY.register(&define("capped_total")).expect("a legal definition"),
    }
});

/// A source that returns an exemplar always, or never.
struct Source {
    sampled: bool,
}

impl ExemplarSource for Source {
    fn current(&self, labels: &mut ExemplarLabels) {
        if black_box(self.sampled) {
            let (trace, span) =
                black_box((0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128, 0x00f0_67aa_0ba9_02b7_u64));
            labels.push_display("trace_id", format_args!("{trace:032x}"));
            labels.push_display("span_id", format_args!("{span:016x}"));
        }
    }
}

#[inline(never)]
fn count(metrics: &Metrics) {
    metrics.counter.inc();
}

#[inline(never)]
fn add_to_gauge(metrics: &Metrics) {
    metrics.gauge.inc();
}

#[inline(never)]
fn observe_duration(metrics: &Metrics, duration: Duration) {
    metrics.histogram.observe_duration(duration);
}

#[inline(never)]
fn observe_value(metrics: &Metrics, value: f64) {
    metrics.histogram.observe(value);
}

#[inline(never)]
fn observe_size(metrics: &Metrics, value: f64) {
    metrics.sizes.observe(value);
}

#[inline(never)]
fn count_in_large_family(metrics: &Metrics, labels: Shards) {
    metrics.large.with(labels).inc();
}

#[inline(never)]
fn observe_in_large_family(metrics: &Metrics, labels: Hundreds, duration: Duration) {
    metrics.large_durations.with(labels).observe_duration(duration);
}

#[inline(never)]
fn observe_size_in_large_family(metrics: &Metrics, labels: Hundreds, value: f64) {
    metrics.large_sizes.with(labels).observe(value);
}

#[inline(never)]
fn observe_native(metrics: &Metrics, duration: Duration) {
    metrics.native.observe_duration(duration);
}

#[inline(never)]
fn count_three_labels(metrics: &Metrics, labels: Labels) {
    metrics.labelled.with(labels).inc();
}

#[inline(never)]
fn count_capped_label(metrics: &Metrics, tenant: &str) {
    metrics.capped.with(Tenant { name: tenant.into(), status: StatusClass::Success, cached: true }).inc();
}

#[inline(never)]
fn plain(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[inline(never)]
fn annotated_counted(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[inline(never)]
fn annotated_counted_timed(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed(name = "native_duration_seconds", help = "Time.", labels(result), native)]
#[inline(never)]
fn annotated_counted_timed_native(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[observed]
#[inline(never)]
fn annotated_observed(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[inline(never)]
fn limit_two_clock_reads(clock: &quanta::Clock) -> u64 {
    let start = clock.raw();
    clock.delta_as_nanos(start, clock.raw())
}

/// Runs each operation once, or the given number of times; only the second is measured.
#[inline(never)]
fn operations(times: usize, metrics: &Metrics, clock: &quanta::Clock, pages: bool) {
    let labels = Labels { status: StatusClass::Success, cached: true, secure: false };
    let hundreds = Hundreds { number: 150.into() };
    let shards = Shards { shard: 150.into(), kind: 7.into(), status: 3.into() };
    for _ in 0..times {
        if pages {
            black_box((REGISTRY.open_metrics(), Registry::global().open_metrics()));
        }
        count(black_box(metrics));
        add_to_gauge(black_box(metrics));
        observe_duration(black_box(metrics), black_box(Duration::from_millis(30)));
        observe_value(black_box(metrics), black_box(0.03));
        observe_size(black_box(metrics), black_box(200.0));
        count_in_large_family(black_box(metrics), black_box(shards));
        observe_in_large_family(
            black_box(metrics),
            black_box(hundreds),
            black_box(Duration::from_millis(30)),
        );
        observe_size_in_large_family(black_box(metrics), black_box(hundreds), black_box(200.0));
        count_three_labels(black_box(metrics), black_box(labels));
        count_capped_label(black_box(metrics), black_box("umbrella"));
        let _ = black_box(plain(black_box(7)));
        let _ = black_box(annotated_counted(black_box(7)));
        let _ = black_box(annotated_counted_timed(black_box(7)));
        observe_native(black_box(metrics), black_box(Duration::from_millis(30)));
        let _ = black_box(annotated_counted_timed_native(black_box(7)));
        let _ = black_box(annotated_observed(black_box(7)));
        black_box(limit_two_clock_reads(black_box(clock)));
    }
}

#[inline(never)]
fn measured(metrics: &Metrics, clock: &quanta::Clock, pages: bool) {
    operations(TIMES, metrics, clock, pages);
}

fn run(pages: bool) {
    let clock = quanta::Clock::new();
    operations(1, &METRICS, &clock, pages);
    measured(&METRICS, &clock, pages);
}

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let sampled = !argument.ends_with("unsampled");
    let pages = argument.ends_with("renewed");
    if argument.starts_with("span-") {
        return spans::within(sampled, || run(pages));
    }
    if argument != "none" {
        install_exemplar_source(Source { sampled }).expect("there is none before");
    }
    run(pages);
}
