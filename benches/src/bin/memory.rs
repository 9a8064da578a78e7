//! Bytes per series, in one thread and for each further one, and the allocations of a scrape.
//!
//! `cargo run --release -p benches --bin memory`

// One line a family, as elsewhere here: a loop would be three.
#![allow(clippy::needless_for_each)]
// An allocator is unsafe to implement; this one counts and leaves the rest to the system's.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

use benches::{
    Labels,
    pages::{StringLabels, string_counters, string_histograms},
};
use metrics_core::{Counter, Definition, Family, Format, Histogram, Page, Registry, Scrape};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};

/// The system's allocator, which counts bytes in use and allocations.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        CALLS.fetch_add(1, Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        CALLS.fetch_add(1, Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// 14 bounds.
const BOUNDS: [f64; 14] =
    [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192];

/// Returns the bytes in use after `make` while its result lives.
fn bytes_of<R>(make: impl FnOnce() -> R) -> (usize, R) {
    let before = LIVE.load(Relaxed);
    let result = make();
    (LIVE.load(Relaxed).saturating_sub(before), result)
}

fn row(what: &str, series: usize, one: usize, further: usize) {
    let each = |bytes: usize| bytes as f64 / series as f64;
    println!("{what:<44} {series:>8} {:>12.1} {:>24.1}", each(one), each(further));
}

/// Runs a closure in a new thread and joins it.
fn elsewhere(work: impl FnOnce() + Send) {
    thread::scope(|scope| {
        scope.spawn(work);
    });
}

fn ours<const SHARDS: usize>() {
    let all: Vec<_> = Labels::<SHARDS>::all().collect();
    let registry = Registry::new();
    let (one, counters) = bytes_of(|| {
        let counters: Family<Labels<SHARDS>, Counter> =
            registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
        all.iter().for_each(|labels| counters.with(*labels).inc());
        counters
    });
    let (further, ()) = bytes_of(|| elsewhere(|| all.iter().for_each(|labels| counters.with(*labels).inc())));
    row("ours, counter with 3 labels", all.len(), one, further);
    let registry = Registry::new();
    let (one, histograms) = bytes_of(|| {
        let definition = Definition::new("series_seconds", "Series.").buckets(&BOUNDS);
        let histograms: Family<Labels<SHARDS>, Histogram> =
            registry.register(&definition).expect("a legal definition");
        all.iter().for_each(|labels| histograms.with(*labels).observe(0.03));
        histograms
    });
    let observe = || all.iter().for_each(|labels| histograms.with(*labels).observe(0.03));
    let (further, ()) = bytes_of(|| elsewhere(observe));
    row("ours, histogram of 14 buckets with 3 labels", all.len(), one, further);
}

/// The same with a capped string as the first label; ten series a string.
fn ours_by_string<const SHARDS: usize>() {
    let all: Vec<_> = StringLabels::all::<SHARDS>().collect();
    let registry = Registry::new();
    let (one, counters) = bytes_of(|| string_counters::<SHARDS>(&registry));
    let count = || all.iter().for_each(|labels| counters.with(labels).inc());
    let (further, ()) = bytes_of(|| elsewhere(count));
    row("ours, counter with a string and 2 labels", all.len(), one, further);
    let registry = Registry::new();
    let (one, histograms) = bytes_of(|| string_histograms::<SHARDS>(&registry));
    let observe = || all.iter().for_each(|labels| histograms.with(labels).observe(0.03));
    let (further, ()) = bytes_of(|| elsewhere(observe));
    row("ours, histogram of 14 buckets with a string", all.len(), one, further);
}

/// The labels of prometheus-client, which keeps the string of each series.
#[derive(Clone, Debug, PartialEq, Eq, Hash, prometheus_client::encoding::EncodeLabelSet)]
struct OfficialLabels {
    shard: String,
    tier: &'static str,
    cached: &'static str,
}

fn official<const SHARDS: usize>() {
    use prometheus_client::metrics::{counter::Counter, family::Family};
    let all: Vec<_> = Labels::<SHARDS>::all().map(Labels::texts).collect();
    let (one, counters) = bytes_of(|| {
        let counters = Family::<OfficialLabels, Counter>::default();
        for &[shard, tier, cached] in &all {
            counters.get_or_create(&OfficialLabels { shard: shard.to_owned(), tier, cached }).inc();
        }
        counters
    });
    let count = || {
        for &[shard, tier, cached] in &all {
            counters.get_or_create(&OfficialLabels { shard: shard.to_owned(), tier, cached }).inc();
        }
    };
    let (further, ()) = bytes_of(|| elsewhere(count));
    row("prometheus-client, counter with a string", all.len(), one, further);
}

fn theirs<const SHARDS: usize>() {
    let all: Vec<_> = Labels::<SHARDS>::all().map(Labels::texts).collect();
    let names = &Labels::<SHARDS>::NAMES;
    let (one, counters) = bytes_of(|| {
        let counters =
            IntCounterVec::new(Opts::new("series_total", "Series."), names).expect("legal options");
        all.iter().for_each(|labels| counters.with_label_values(labels).inc());
        counters
    });
    let count = || all.iter().for_each(|labels| counters.with_label_values(labels).inc());
    let (further, ()) = bytes_of(|| elsewhere(count));
    row("prometheus, counter with 3 labels", all.len(), one, further);
    let (one, histograms) = bytes_of(|| {
        let opts = HistogramOpts::new("series_seconds", "Series.").buckets(BOUNDS.to_vec());
        let histograms = HistogramVec::new(opts, names).expect("legal options");
        all.iter().for_each(|labels| histograms.with_label_values(labels).observe(0.03));
        histograms
    });
    let observe = || all.iter().for_each(|labels| histograms.with_label_values(labels).observe(0.03));
    let (further, ()) = bytes_of(|| elsewhere(observe));
    row("prometheus, histogram of 14 buckets", all.len(), one, further);
}

/// Returns the allocations of a scrape into a page buffer that is large enough.
fn scrape<const SHARDS: usize>() {
    let registry = Registry::new();
    let counters: Family<Labels<SHARDS>, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
    Labels::<SHARDS>::all().for_each(|labels| counters.with(labels).inc());
    for (name, format) in
        [("text", Format::Text), ("OpenMetrics", Format::OpenMetrics), ("protobuf", Format::Protobuf)]
    {
        let (scrape, mut page) = (Scrape::new(format), Page::default());
        registry.scrape(&scrape, &mut page);
        let before = CALLS.load(Relaxed);
        registry.scrape(&scrape, &mut page);
        let calls = CALLS.load(Relaxed) - before;
        println!("{:>8} counters: {calls:>3} allocations a scrape, {name}", SHARDS * 10);
    }
}

fn main() {
    // What is made once, and this thread's own slab, is no series' part.
    Registry::global().text();
    Labels::<10_000>::all().for_each(|labels| assert!(!labels.texts()[0].is_empty()));
    elsewhere(|| drop(Registry::global().text()));
    println!("{:<44} {:>8} {:>12} {:>24}", "bytes a series", "series", "one thread", "each further thread");
    ours::<1000>();
    ours::<10_000>();
    ours_by_string::<1000>();
    ours_by_string::<10_000>();
    official::<1000>();
    official::<10_000>();
    theirs::<1000>();
    theirs::<10_000>();
    println!();
    scrape::<1000>();
    scrape::<10_000>();
}
