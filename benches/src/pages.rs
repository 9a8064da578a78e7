//! The pages under comparison: those of this library, and hand-written limits whose labels are formatted once.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use metrics_core::{Capped, Counter, Definition, Family, Histogram, LabelSet, Registry};

use crate::{Labels, Tier};

/// Value of every counter.
pub const COUNT: u64 = 12_345;

/// Observations of every histogram: a value in each of four buckets.
pub const SECONDS: [f64; 4] = [0.0005, 0.03, 0.3, 30.0];

/// 14 bounds from 1 ms to 8 s, each twice the one before.
pub const BOUNDS: [f64; 14] = {
    let mut bounds = [0.001; 14];
    let mut at = 1;
    while at < bounds.len() {
        bounds[at] = bounds[at - 1] * 2.0;
        at += 1;
    }
    bounds
};

/// The labels of a series as the text format has them.
fn block([shard, tier, cached]: [&str; 3]) -> String {
    format!("shard=\"{shard}\",tier=\"{tier}\",cached=\"{cached}\"")
}

/// Counters with labels that were formatted once, and one cell a series.
#[derive(Debug)]
pub struct LimitCounters(Vec<(String, AtomicU64)>);

impl LimitCounters {
    /// Ten series a shard.
    pub fn new<const SHARDS: usize>() -> Self {
        let series = Labels::<SHARDS>::all().map(|labels| (block(labels.texts()), AtomicU64::new(COUNT)));
        Self(series.collect())
    }

    /// Appends the page.
    #[inline(never)]
    pub fn write(&self, page: &mut String) {
        page.push_str("# HELP series_total Series.\n# TYPE series_total counter\n");
        let mut number = itoa::Buffer::new();
        for (labels, cell) in &self.0 {
            page.push_str("series_total{");
            page.push_str(labels);
            page.push_str("} ");
            page.push_str(number.format(cell.load(Relaxed)));
            page.push('\n');
        }
    }
}

/// Histograms with labels that were formatted once, and one cell a bucket.
#[derive(Debug)]
pub struct LimitHistograms {
    bounds: Vec<String>,
    series: Vec<(String, [AtomicU64; 15])>,
}

impl LimitHistograms {
    /// Ten series a shard.
    pub fn new<const SHARDS: usize>() -> Self {
        let bounds = BOUNDS.iter().map(f64::to_string).chain(["+Inf".to_owned()]).collect();
        let cells = || [const { AtomicU64::new(1) }; 15];
        Self {
            bounds,
            series: Labels::<SHARDS>::all().map(|labels| (block(labels.texts()), cells())).collect(),
        }
    }

    /// Appends the page.
    #[inline(never)]
    pub fn write(&self, page: &mut String) {
        page.push_str("# HELP series_seconds Series.\n# TYPE series_seconds histogram\n");
        let mut number = itoa::Buffer::new();
        for (labels, cells) in &self.series {
            let mut count = 0;
            for (cell, bound) in cells.iter().zip(&self.bounds) {
                count += cell.load(Relaxed);
                for part in
                    ["series_seconds_bucket{", labels, ",le=\"", bound, "\"} ", number.format(count), "\n"]
                {
                    page.push_str(part);
                }
            }
            for (name, value) in [("series_seconds_sum{", 30), ("series_seconds_count{", count)] {
                for part in [name, labels, "} ", number.format(value), "\n"] {
                    page.push_str(part);
                }
            }
        }
    }
}

/// Fills a registry with ten counters a shard. They live as long as the returned value.
///
/// # Panics
///
/// Panics if the registry has another family of the name.
pub fn counters<const SHARDS: usize>(registry: &Registry) -> Family<Labels<SHARDS>, Counter> {
    let family: Family<Labels<SHARDS>, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
    for labels in Labels::all() {
        family.with(labels).inc_by(COUNT);
    }
    family
}

/// Fills a registry with ten counters a shard, each with a definition of its own.
///
/// # Panics
///
/// Panics if the registry has another family of one of the names.
pub fn definitions<const SHARDS: usize>(registry: &Registry) -> Vec<Counter> {
    let counter = |number: usize| {
        let definition = Definition::new(format!("series_{number}_total"), "Series.");
        let counter: Counter = registry.register(&definition).expect("a legal definition");
        counter.inc_by(COUNT);
        counter
    };
    (0..SHARDS * 10).map(counter).collect()
}

/// The same with histograms.
///
/// # Panics
///
/// Panics if the registry has another family of the name.
pub fn histograms<const SHARDS: usize>(registry: &Registry) -> Family<Labels<SHARDS>, Histogram> {
    let definition = Definition::new("series_seconds", "Series.").buckets(&BOUNDS);
    let family: Family<Labels<SHARDS>, Histogram> =
        registry.register(&definition).expect("a legal definition");
    for labels in Labels::all() {
        for seconds in SECONDS {
            family.with(labels).observe(seconds);
        }
    }
    family
}

/// The three labels, the first of which is a string.
#[derive(Clone, Debug, LabelSet)]
pub struct StringLabels {
    shard: Capped<100_000>,
    tier: Tier,
    cached: bool,
}

impl StringLabels {
    /// Returns the label sets of ten series a shard.
    pub fn all<const SHARDS: usize>() -> impl Iterator<Item = Self> {
        let strings = |Labels { shard, tier, cached }: Labels<SHARDS>| Self {
            shard: shard.text().into(),
            tier,
            cached,
        };
        Labels::all().map(strings)
    }
}

/// Fills a registry with ten counters a shard. Their first label is a capped string.
///
/// # Panics
///
/// Panics if the registry has another family of the name.
pub fn string_counters<const SHARDS: usize>(registry: &Registry) -> Family<StringLabels, Counter> {
    let family: Family<StringLabels, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
    for labels in StringLabels::all::<SHARDS>() {
        family.with(labels).inc_by(COUNT);
    }
    family
}

/// Fills a registry with ten histograms a shard. Their first label is a capped string.
///
/// # Panics
///
/// Panics if the registry has another family of the name.
pub fn string_histograms<const SHARDS: usize>(registry: &Registry) -> Family<StringLabels, Histogram> {
    let definition = Definition::new("series_seconds", "Series.").buckets(&BOUNDS);
    let family: Family<StringLabels, Histogram> = registry.register(&definition).expect("a legal definition");
    for labels in StringLabels::all::<SHARDS>() {
        for seconds in SECONDS {
            family.with(labels.clone()).observe(seconds);
        }
    }
    family
}
