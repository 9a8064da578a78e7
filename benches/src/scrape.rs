//! The text of many series.

// One line a family, as the peers are filled: a loop would be three.
#![allow(clippy::needless_for_each)]

use std::{hint::black_box, sync::Mutex};

use benches::{
    Labels,
    pages::{
        BOUNDS, COUNT, LimitCounters, LimitHistograms, SECONDS, counters, histograms, string_counters,
        string_histograms,
    },
};
use fastmetrics::format::text::TextProfile;
use measured::{
    MetricGroup as _, label::StaticLabelSet, metric::histogram::Thresholds, text::BufferedTextEncoder,
};
use metrics_core::{Format, Page, Registry, Scrape};
use paracord::ParaCord;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, TextEncoder};

use crate::{
    harness::{Contestant, compare},
    labels::Flag,
};

/// The pages that have goals.
pub(crate) const COUNTERS: &str = "scrape, 100,000 counters with 3 labels";
pub(crate) const HISTOGRAMS: &str = "scrape, 1,000 histograms of 14 buckets with 3 labels";

/// The same whose first label is a capped string.
pub(crate) const STRING_COUNTERS: &str = "scrape, 100,000 counters with a string and 2 labels";
pub(crate) const STRING_HISTOGRAMS: &str = "scrape, 1,000 histograms with a string and 2 labels";

/// Returns the label texts of `shards` shards: 10 series a shard.
fn series<const SHARDS: usize>() -> Vec<[&'static str; 3]> {
    Labels::<SHARDS>::all().map(Labels::texts).collect()
}

/// Creates a contestant that writes pages into one reused string.
fn pages(name: &'static str, write: impl Fn(&mut String) + Send + Sync + 'static) -> Contestant {
    let page = Mutex::new(String::new());
    Contestant::new(name, move |times| {
        let mut page = page.lock().expect("no panic");
        for _ in 0..times {
            page.clear();
            write(&mut page);
            black_box(page.as_str());
        }
    })
}

/// The page that a scraper of a registry receives; it keeps the registered metrics alive.
fn ours<F: Send + Sync + 'static>(fill: impl FnOnce(&Registry) -> F) -> Contestant {
    let registry = Registry::new();
    let family = fill(&registry);
    let page = Mutex::new(Page::default());
    Contestant::new("ours", move |times| {
        let _alive = &family;
        let mut page = page.lock().expect("no panic");
        for _ in 0..times {
            registry.scrape(&Scrape::new(Format::Text), &mut page);
            black_box(page.as_ref());
        }
    })
}

/// The same page as a `String`, which validates UTF-8 once more.
fn ours_as_string<F: Send + Sync + 'static>(fill: impl FnOnce(&Registry) -> F) -> Contestant {
    let registry = Registry::new();
    let family = fill(&registry);
    pages("ours, as a string", move |page| {
        let _alive = &family;
        registry.encode_text(page);
    })
}

const LIMIT: &str = "limit: labels formatted once";

fn limit_counters<const SHARDS: usize>() -> Contestant {
    let limit = LimitCounters::new::<SHARDS>();
    pages(LIMIT, move |page| limit.write(page))
}

fn limit_histograms() -> Contestant {
    let limit = LimitHistograms::new::<100>();
    pages(LIMIT, move |page| limit.write(page))
}

fn by_hand(registry: prometheus::Registry) -> Contestant {
    pages("prometheus: gather and TextEncoder", move |page| {
        TextEncoder::new().encode_utf8(&registry.gather(), page).expect("a legal page");
    })
}

fn by_hand_counters<const SHARDS: usize>(series: &[[&'static str; 3]]) -> Contestant {
    let registry = prometheus::Registry::new();
    let family = IntCounterVec::new(Opts::new("series_total", "Series."), &Labels::<SHARDS>::NAMES)
        .expect("a legal definition");
    series.iter().for_each(|labels| family.with_label_values(labels).inc_by(COUNT));
    registry.register(Box::new(family)).expect("an empty registry");
    by_hand(registry)
}

fn by_hand_histograms(series: &[[&'static str; 3]]) -> Contestant {
    let registry = prometheus::Registry::new();
    let opts = HistogramOpts::new("series_seconds", "Series.").buckets(BOUNDS.to_vec());
    let family = HistogramVec::new(opts, &Labels::<100>::NAMES).expect("a legal definition");
    for labels in series {
        SECONDS.iter().for_each(|seconds| family.with_label_values(labels).observe(*seconds));
    }
    registry.register(Box::new(family)).expect("an empty registry");
    by_hand(registry)
}

type Texts = [(&'static str, &'static str); 3];

fn pairs([shard, tier, cached]: [&'static str; 3]) -> Texts {
    [("shard", shard), ("tier", tier), ("cached", cached)]
}

fn official(metric: prometheus_client::registry::Registry) -> Contestant {
    pages("prometheus-client", move |page| {
        prometheus_client::encoding::text::encode(page, &metric).expect("a legal page");
    })
}

fn official_counters(series: &[[&'static str; 3]]) -> Contestant {
    use prometheus_client::{
        metrics::{counter::Counter, family::Family},
        registry::Registry,
    };
    let family = Family::<Texts, Counter>::default();
    series.iter().for_each(|labels| {
        family.get_or_create(&pairs(*labels)).inc_by(COUNT);
    });
    let mut registry = Registry::default();
    registry.register("series", "Series", family);
    official(registry)
}

fn official_histograms(series: &[[&'static str; 3]]) -> Contestant {
    use prometheus_client::{
        metrics::{family::Family, histogram::Histogram},
        registry::Registry,
    };
    let family = Family::<Texts, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
    for labels in series {
        SECONDS.iter().for_each(|seconds| family.get_or_create(&pairs(*labels)).observe(*seconds));
    }
    let mut registry = Registry::default();
    registry.register("series_seconds", "Series", family);
    official(registry)
}

#[derive(Clone, PartialEq, Eq, Hash, fastmetrics::derive::LabelSet)]
struct FastLabels {
    shard: &'static str,
    tier: &'static str,
    cached: &'static str,
}

fn fast_labels([shard, tier, cached]: [&'static str; 3]) -> FastLabels {
    FastLabels { shard, tier, cached }
}

fn fast(registry: fastmetrics::registry::Registry) -> Contestant {
    pages("fastmetrics", move |page| {
        fastmetrics::format::text::encode(page, &registry, TextProfile::PrometheusV0_0_4)
            .expect("a legal page");
    })
}

fn fast_counters(series: &[[&'static str; 3]]) -> Contestant {
    use fastmetrics::metrics::{counter::Counter, family::Family};
    let family = Family::<FastLabels, Counter>::default();
    series
        .iter()
        .for_each(|labels| family.with_or_new(&fast_labels(*labels), |counter| counter.inc_by(COUNT)));
    let mut registry = fastmetrics::registry::Registry::default();
    registry.register("series", "Series", family).expect("an empty registry");
    fast(registry)
}

fn fast_histograms(series: &[[&'static str; 3]]) -> Contestant {
    use fastmetrics::metrics::{family::Family, histogram::Histogram};
    let family = Family::<FastLabels, Histogram>::new(|| Histogram::new(BOUNDS));
    for labels in series {
        let observe = |histogram: &Histogram| SECONDS.iter().for_each(|seconds| histogram.observe(*seconds));
        family.with_or_new(&fast_labels(*labels), observe);
    }
    let mut registry = fastmetrics::registry::Registry::default();
    registry.register("series_seconds", "Series", family).expect("an empty registry");
    fast(registry)
}

#[derive(Clone, Copy, measured::LabelGroup)]
#[label(set = MeasuredSet)]
struct MeasuredLabels<'a> {
    #[label(dynamic_with = ParaCord)]
    shard: &'a str,
    #[label(dynamic_with = ParaCord)]
    tier: &'a str,
    cached: Flag,
}

fn measured_labels([shard, tier, cached]: [&'static str; 3]) -> MeasuredLabels<'static> {
    MeasuredLabels { shard, tier, cached: if cached == "true" { Flag::Yes } else { Flag::No } }
}

fn measured_set() -> MeasuredSet {
    MeasuredSet { shard: ParaCord::default(), tier: ParaCord::default(), cached: StaticLabelSet::new() }
}

#[derive(measured::MetricGroup)]
struct MeasuredCounters {
    /// Series.
    series: measured::CounterVec<MeasuredSet>,
}

#[derive(measured::MetricGroup)]
struct MeasuredHistograms {
    /// Series.
    series_seconds: measured::HistogramVec<MeasuredSet, 14>,
}

fn measured_counters(series: &[[&'static str; 3]]) -> Contestant {
    let group = MeasuredCounters { series: measured::CounterVec::with_label_set(measured_set()) };
    series.iter().for_each(|labels| group.series.inc_by(measured_labels(*labels), COUNT));
    measured_pages(move |encoder| group.collect_group_into(encoder).expect("a legal page"))
}

fn measured_histograms(series: &[[&'static str; 3]]) -> Contestant {
    let thresholds = Thresholds::with_buckets(BOUNDS);
    let family = measured::HistogramVec::with_label_set_and_metadata(measured_set(), thresholds);
    let group = MeasuredHistograms { series_seconds: family };
    for labels in series {
        SECONDS.iter().for_each(|seconds| group.series_seconds.observe(measured_labels(*labels), *seconds));
    }
    measured_pages(move |encoder| group.collect_group_into(encoder).expect("a legal page"))
}

/// Its encoder reuses its buffer between pages.
fn measured_pages(write: impl Fn(&mut BufferedTextEncoder) + Send + Sync + 'static) -> Contestant {
    let encoder = Mutex::new(BufferedTextEncoder::new());
    Contestant::new("measured", move |times| {
        let mut encoder = encoder.lock().expect("no panic");
        for _ in 0..times {
            write(&mut encoder);
            black_box(encoder.finish());
        }
    })
}

fn compare_counters<const SHARDS: usize>(title: &'static str) {
    let series = series::<SHARDS>();
    let contestants = [
        ours(counters::<SHARDS>),
        limit_counters::<SHARDS>(),
        ours_as_string(counters::<SHARDS>),
        by_hand_counters::<SHARDS>(&series),
        official_counters(&series),
        measured_counters(&series),
        fast_counters(&series),
    ];
    compare(title, 1, &contestants);
}

/// The same without the peers, which need too much memory for pages of this size.
fn compare_counters_alone<const SHARDS: usize>(title: &'static str) {
    let contestants = [ours(counters::<SHARDS>), limit_counters::<SHARDS>()];
    compare(title, 1, &contestants);
}

/// Writes pages of counters and of histograms.
pub(crate) fn run() {
    compare_counters_alone::<100>("scrape, 1,000 counters with 3 labels");
    compare_counters::<1000>("scrape, 10,000 counters with 3 labels");
    compare_counters::<10_000>(COUNTERS);
    compare_counters_alone::<100_000>("scrape, 1,000,000 counters with 3 labels");
    let series = series::<100>();
    let contestants = [
        ours(histograms::<100>),
        limit_histograms(),
        ours_as_string(histograms::<100>),
        by_hand_histograms(&series),
        official_histograms(&series),
        measured_histograms(&series),
        fast_histograms(&series),
    ];
    compare(HISTOGRAMS, 1, &contestants);
    run_strings();
}

/// Writes pages of series with string labels.
pub(crate) fn run_strings() {
    compare(STRING_COUNTERS, 1, &[ours(string_counters::<10_000>), limit_counters::<10_000>()]);
    compare(STRING_HISTOGRAMS, 1, &[ours(string_histograms::<100>), limit_histograms()]);
}
