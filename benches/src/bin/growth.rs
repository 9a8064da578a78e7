//! Time of a count and of a scrape as series, label sets and threads grow: a cliff is a number that rises.
//!
//! `cargo run --release -p benches --bin growth`

use std::{
    hint::black_box,
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Instant,
};

use metrics_core::{
    Bounded, Capped, Counter, Definition, DynamicFamily, Family, Format, Histogram, LabelSet, Page, Registry,
    Scrape,
};

/// Rounds of a measurement; the median is printed.
const ROUNDS: usize = 15;

/// Counts in a round.
const COUNTS: usize = 200_000;

#[derive(Clone, Copy, LabelSet)]
struct Few {
    shard: Bounded<0, 9>,
    kind: Bounded<0, 9>,
    status: Bounded<0, 5>,
}

#[derive(Clone, Copy, LabelSet)]
struct Many {
    shard: Bounded<0, 199>,
    kind: Bounded<0, 19>,
    status: Bounded<0, 9>,
}

#[derive(Clone, LabelSet)]
struct TenantLabels {
    tenant: Capped<100_000>,
    kind: Bounded<0, 1>,
    is_cached: bool,
}

/// Prints the median nanoseconds of one count over rotating inputs.
fn count<T>(work: &str, inputs: &[T], count: impl Fn(&T)) {
    let round = || {
        let start = Instant::now();
        for input in inputs.iter().cycle().take(COUNTS) {
            count(black_box(input));
        }
        start.elapsed().as_nanos() as f64 / COUNTS as f64
    };
    println!("{work:<60} {:>10.2} ns", median(round));
}

fn median(mut round: impl FnMut() -> f64) -> f64 {
    round();
    let mut times: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the median milliseconds of a page in the text format.
fn scrape(work: &str, registry: &Registry) {
    let mut page = Page::default();
    let round = || {
        let start = Instant::now();
        registry.scrape(&Scrape::new(Format::Text), &mut page);
        black_box(&page);
        start.elapsed().as_secs_f64() * 1e3
    };
    println!("{work:<60} {:>10.3} ms", median(round));
}

/// Returns the numbers below `count` in scattered order.
fn scattered(count: usize) -> Vec<u16> {
    let number =
        |at: usize| u16::try_from(at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40 & 0xFFFF).unwrap_or(0);
    (0..count).map(number).collect()
}

thread_local! {
    static SLOTS: Vec<AtomicU64> = (0..40_000).map(|_| AtomicU64::new(0)).collect();
}

fn slot(at: usize) {
    SLOTS.with(|slots| {
        if let Some(slot) = slots.get(at) {
            slot.store(slot.load(Relaxed) + 1, Relaxed);
        }
    });
}

fn counts(registry: &Registry) {
    let few: Family<Few, Counter> = registry.register(&Definition::new("few_total", "Few.")).expect("legal");
    let many: Family<Many, Counter> =
        registry.register(&Definition::new("many_total", "Many.")).expect("legal");
    let inputs = scattered(1024);
    count("count, 3 typed labels, limit: an array of 40,000 slots", &inputs, |number| {
        slot((usize::from(number % 200) * 20 + usize::from(number % 20)) * 10 + usize::from(number % 10));
    });
    count("count, 3 typed labels, 600 series", &inputs, |&number| {
        let labels =
            Few { shard: (number % 10).into(), kind: (number / 8 % 10).into(), status: (number % 6).into() };
        few.with(labels).inc();
    });
    count("count, 3 typed labels, 40,000 series", &inputs, |&number| {
        let labels =
            Many { shard: (number % 200).into(), kind: (number % 20).into(), status: (number % 10).into() };
        many.with(labels).inc();
    });
    for sets in [16, 256, 2_048, 8_192] {
        let name = format!("capped_{sets}_total");
        let family: Family<TenantLabels, Counter> =
            registry.register(&Definition::new(name, "Capped.")).expect("legal");
        let inputs: Vec<_> = (0..sets)
            .map(|number| (format!("tenant-{number}"), u16::from(number % 2 == 0), number % 3 == 0))
            .collect();
        count(
            &format!("count, a capped string and 2 labels, {sets} sets"),
            &inputs,
            |(name, kind, is_cached)| {
                let labels =
                    TenantLabels { tenant: name.into(), kind: (*kind).into(), is_cached: *is_cached };
                family.with(labels).inc();
            },
        );
    }
    let definition = Definition::new("dynamic_total", "Dynamic.")
        .dynamic_label("queue", 100)
        .dynamic_label("region", 100)
        .dynamic_label("outcome", 10);
    let dynamic: DynamicFamily<Counter> = registry.register(&definition).expect("legal");
    let inputs: Vec<_> = (0..64)
        .map(|number| [format!("queue-{number}"), format!("region-{}", number % 8), "done".to_owned()])
        .collect();
    count("count, a dynamic family by 3 label values, 64 sets", &inputs, |[queue, region, outcome]| {
        dynamic.with(&[queue, region, outcome]).inc();
    });
    let bounds: Vec<_> = (1..15).map(|at| f64::from(at) * f64::from(at) * 3.7).collect();
    let sizes: Histogram =
        registry.register(&Definition::new("sizes", "Sizes.").buckets(&bounds)).expect("legal");
    let inputs: Vec<_> = inputs_of_sizes();
    count("observe a value that is no duration, 14 buckets", &inputs, |size| sizes.observe(*size));
}

fn inputs_of_sizes() -> Vec<f64> {
    scattered(1024).into_iter().map(|number| f64::from(number % 800)).collect()
}

/// Starts threads that each count in all series, and joins them.
fn on_threads(threads: usize, count: impl Fn() + Sync) {
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                count();
                // Nobody ends before all have counted: each has cells of its own.
                barrier.wait();
            });
        }
    });
}

fn scrapes() {
    let definitions = Registry::new();
    let own: Vec<Counter> = (0..10_000)
        .map(|number| {
            definitions.register(&Definition::new(format!("own_{number}_total"), "Own.")).expect("legal")
        })
        .collect();
    let finite = Registry::new();
    let series: Family<(Ordinal,), Counter> =
        finite.register(&Definition::new("finite_total", "Finite.")).expect("legal");
    let strings = Registry::new();
    let tenants: Family<TenantLabels, Counter> =
        strings.register(&Definition::new("tenants_total", "Tenants.")).expect("legal");
    let names: Vec<_> = (0..10_000).map(|number| format!("tenant-{number}")).collect();
    for threads in [1, 64, 256] {
        on_threads(threads, || {
            for counter in &own {
                counter.inc();
            }
            (0..10_000).for_each(|at| series.with((Ordinal(at),)).inc());
            for name in &names {
                tenants.with(TenantLabels { tenant: name.into(), kind: 0.into(), is_cached: false }).inc();
            }
        });
        scrape(&format!("scrape, 10,000 string counters, after {threads} threads"), &strings);
        scrape(&format!("scrape, 10,000 finite counters, after {threads} threads"), &finite);
        scrape(&format!("scrape, 10,000 definitions, after {threads} threads"), &definitions);
    }
}

/// A label of 10,000 values.
#[derive(Clone, Copy)]
struct Ordinal(usize);

impl metrics_core::LabelValue for Ordinal {
    const COUNT: usize = 10_000;

    fn index(&self) -> usize {
        self.0
    }

    fn name_at(index: usize) -> &'static str {
        static NAMES: std::sync::LazyLock<Vec<String>> =
            std::sync::LazyLock::new(|| (0..10_000).map(|number| number.to_string()).collect());
        NAMES.get(index).map_or("", String::as_str)
    }
}

impl metrics_core::LabelName for Ordinal {
    const NAME: &'static str = "number";
}

fn main() {
    counts(&Registry::new());
    scrapes();
}
