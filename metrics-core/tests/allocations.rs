//! Allocations: none on the hot path, and in a scrape a number that does not depend on the number of series.

#![cfg(feature = "enabled")]

use std::time::Duration;

use allocation_counter::measure;
use metrics_core::{
    Capped, Counter, Definition, Family, Format, Gauge, Histogram, LabelSet, Page, Registry, Scrape,
    StatusClass, Summary, counted, in_flight, observed, timed,
};

#[derive(Clone, LabelSet)]
struct Number {
    number: Capped<10_000>,
}

#[derive(Clone, Copy, LabelSet)]
struct Answer {
    status: StatusClass,
    cached: bool,
}

/// Returns the number of allocations of this thread in the second run of a function; the first is a warm-up.
fn allocations(mut work: impl FnMut()) -> u64 {
    work();
    measure(work).count_total
}

/// Returns the number of allocations of a scrape of `series` counters and a tenth as many histograms, into a page that is large enough.
fn of_a_scrape(series: usize, format: Format) -> u64 {
    let registry = Registry::new();
    let counters: Family<Number, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).unwrap();
    let histograms: Family<Number, Histogram> =
        registry.register(&Definition::new("series_seconds", "Series.")).unwrap();
    let native: Family<Number, Histogram> =
        registry.register(&Definition::new("series_bytes", "Series.").native()).unwrap();
    for number in 0..series {
        let labels = Number { number: number.to_string().into() };
        if number % 10 == 0 {
            histograms.with(labels.clone()).observe(0.5);
            native.with(labels.clone()).observe(0.5);
        }
        counters.with(labels).inc();
    }
    let (scrape, mut page) = (Scrape::new(format), Page::default());
    let allocations = allocations(|| {
        registry.scrape(&scrape, &mut page);
    });
    assert!(page.as_ref().len() > series * 10);
    allocations
}

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(Box::new([7_u8; 100]))), 1);
}

#[test]
fn scrape() {
    for format in [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json] {
        let few = of_a_scrape(100, format);
        assert_eq!(of_a_scrape(10_000, format), few, "{format:?}");
        assert!(few <= 40, "{format:?}: {few}");
    }
}

#[test]
fn counting() {
    let registry = Registry::new();
    let counter: Counter = registry.register(&Definition::new("a_total", "A.")).unwrap();
    let money: Counter<f64> = registry.register(&Definition::new("b_total", "B.")).unwrap();
    let gauge: Gauge = registry.register(&Definition::new("c", "C.")).unwrap();
    let classic: Histogram = registry.register(&Definition::new("d_seconds", "D.")).unwrap();
    let native: Histogram = registry.register(&Definition::new("e_seconds", "E.").native()).unwrap();
    let summary: Summary = registry.register(&Definition::new("f_seconds", "F.")).unwrap();
    let typed: Family<Answer, Counter> = registry.register(&Definition::new("g_total", "G.")).unwrap();
    let capped: Family<Number, Counter> = registry.register(&Definition::new("h_total", "H.")).unwrap();
    let timed: Family<Answer, Histogram> = registry.register(&Definition::new("i_seconds", "I.")).unwrap();
    let answer = Answer { status: StatusClass::Success, cached: true };
    // The longest string that `Capped` keeps without an allocation.
    let long = "x".repeat(39);
    let count = || {
        counter.inc();
        money.inc_by(0.5);
        gauge.inc();
        gauge.set(7);
        for histogram in [&classic, &native] {
            histogram.observe(0.03);
            histogram.observe_duration(Duration::from_millis(30));
        }
        // Not a native histogram, which allocates when a value is far from the former ones.
        classic.start_timer().observe_duration();
        summary.observe(0.5);
        typed.with(answer).inc();
        capped.with(Number { number: "umbrella".into() }).inc();
        capped.with(Number { number: long.as_str().into() }).inc();
        timed.with(answer).observe(1.0);
    };
    assert_eq!(allocations(count), 0);
    assert_eq!((counter.get(), capped.with(Number { number: "umbrella".into() }).get()), (2, 2));
}

#[observed]
fn observed_call(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[in_flight]
fn call(number: u64) -> Option<u64> {
    number.checked_sub(1)
}

/// Calls by name.
#[counted(name = "labelled_calls_total", labels(name = capped(name, 100)))]
fn labelled_call(name: &str) -> usize {
    name.len()
}

#[test]
fn annotated_functions() {
    let calls = || {
        for number in [0, 7] {
            let _either = (observed_call(number), call(number));
        }
        labelled_call("umbrella");
    };
    assert_eq!(allocations(calls), 0);
}
