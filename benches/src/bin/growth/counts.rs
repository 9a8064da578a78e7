//! Time of a count as series and label sets grow.

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

use metrics_core::{
    Bounded, Capped, Counter, Definition, DynamicFamily, Family, Histogram, LabelSet, Registry,
};

use crate::report::median;

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
pub(crate) struct TenantLabels {
    pub(crate) tenant: Capped<100_000>,
    pub(crate) kind: Bounded<0, 1>,
    pub(crate) is_cached: bool,
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

/// Prints the time of a count in families of several sizes.
pub(crate) fn report(registry: &Registry) {
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
