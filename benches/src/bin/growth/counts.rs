//! Time of a count as series and label sets grow.

use std::{
    cell::RefCell,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
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

/// Hashes words of eight bytes by a multiplication each.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

thread_local! {
    /// The limit for strings: counters of four series by compared strings.
    static COUNTS_BY_STRING: RefCell<HashMap<String, [AtomicU64; 4], BuildHasherDefault<WordHasher>>> =
        RefCell::default();
}

fn count_by_string(name: &str, series: usize) {
    COUNTS_BY_STRING.with_borrow_mut(|counts| {
        let Some(slots) = counts.get(name) else {
            counts.insert(name.to_owned(), Default::default());
            return;
        };
        if let Some(slot) = slots.get(series) {
            slot.store(slot.load(Relaxed) + 1, Relaxed);
        }
    });
}

/// Labels of 300 series. Their histograms take more slots than one allocation gets of the flat ones.
#[derive(Clone, Copy, LabelSet)]
struct Hundreds {
    number: Bounded<0, 299>,
}

/// Prints the time of a count in families of several sizes.
pub(crate) fn report(registry: &Registry) {
    // The first registrations get flat slots.
    let dynamic = DynamicCounts::new(registry, "dynamic_total");
    let sizes: Histogram =
        registry.register(&Definition::new("sizes", "Sizes.").buckets(&bounds_of_sizes())).expect("legal");
    typed(registry);
    let _alive = capped(registry);
    dynamic.report("count, a dynamic family by 3 label values, 64 sets");
    DynamicCounts::new(registry, "late_total").report("the same, slots in chunks");
    let inputs: Vec<_> = scattered(1024).into_iter().map(|number| f64::from(number % 800)).collect();
    count("observe a value that is no duration, 14 buckets", &inputs, |size| sizes.observe(*size));
    let definition = Definition::new("many_sizes", "Sizes.").buckets(&bounds_of_sizes());
    let family: Family<Hundreds, Histogram> = registry.register(&definition).expect("legal");
    let late_sizes = family.with(Hundreds { number: 150.into() });
    count("observe a value that is no duration, slots in chunks", &inputs, |size| late_sizes.observe(*size));
}

/// Prints the time of a count by typed labels.
fn typed(registry: &Registry) {
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
}

/// Prints the time of a count by a string. The returned families hold more slots than there are flat ones.
fn capped(registry: &Registry) -> Vec<Family<TenantLabels, Counter>> {
    let of_sets = |sets: usize| {
        let family: Family<TenantLabels, Counter> =
            registry.register(&Definition::new(format!("capped_{sets}_total"), "Capped.")).expect("legal");
        let inputs: Vec<_> = (0..sets)
            .map(|number| (format!("tenant-{number}"), u16::from(number % 2 == 0), number % 3 == 0))
            .collect();
        count(&format!("count, a string, limit: a thread's own map, {sets} sets"), &inputs, |input| {
            count_by_string(&input.0, usize::from(input.1) * 2 + usize::from(input.2));
        });
        count(
            &format!("count, a capped string and 2 labels, {sets} sets"),
            &inputs,
            |(name, kind, is_cached)| {
                let labels =
                    TenantLabels { tenant: name.into(), kind: (*kind).into(), is_cached: *is_cached };
                family.with(labels).inc();
            },
        );
        family
    };
    [16, 256, 2_048, 8_192].map(of_sets).into()
}

/// A family whose labels are named at run time, with 64 of its label sets.
struct DynamicCounts {
    family: DynamicFamily<Counter>,
    inputs: Vec<[String; 3]>,
}

impl DynamicCounts {
    /// Registers a family and its series.
    fn new(registry: &Registry, name: &str) -> Self {
        let definition = Definition::new(name, "Dynamic.")
            .dynamic_label("queue", 100)
            .dynamic_label("region", 100)
            .dynamic_label("outcome", 10);
        let inputs = (0..64)
            .map(|number| [format!("queue-{number}"), format!("region-{}", number % 8), "done".to_owned()]);
        let counts =
            Self { family: registry.register(&definition).expect("legal"), inputs: inputs.collect() };
        counts.inputs.iter().for_each(|input| counts.count(input));
        counts
    }

    fn count(&self, [queue, region, outcome]: &[String; 3]) {
        self.family.with(&[queue, region, outcome]).inc();
    }

    fn report(&self, work: &str) {
        count(work, &self.inputs, |input| self.count(input));
    }
}

/// Returns 14 bounds that are no durations.
fn bounds_of_sizes() -> Vec<f64> {
    (1..15).map(|at| f64::from(at) * f64::from(at) * 3.7).collect()
}
