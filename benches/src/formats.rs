//! The other formats beside the text format, of the same series.

use std::{hint::black_box, sync::Mutex};

use benches::Labels;
use metrics_core::{Counter, Definition, Family, Format, Histogram, Page, Registry, Scrape};

use crate::{
    harness::{Contestant, compare},
    peers::BOUNDS,
};

/// What every counter has, and every histogram has observed.
const COUNT: u64 = 12_345;
const SECONDS: [f64; 4] = [0.0005, 0.03, 0.3, 30.0];

pub(crate) const COUNTERS: &str = "formats, 100,000 counters with 3 labels";
pub(crate) const HISTOGRAMS: &str = "formats, 1,000 histograms of 14 buckets with 3 labels";
pub(crate) const OPEN_METRICS: &str = "ours, OpenMetrics";
pub(crate) const PROTOBUF: &str = "ours, protobuf";

/// A contestant that writes pages of a registry into the same memory; what is registered stays alive with it.
fn pages<F: Send + 'static>(
    name: &'static str,
    format: Format,
    fill: impl FnOnce(&Registry) -> F,
) -> Contestant {
    let registry = Registry::new();
    let alive = Mutex::new(fill(&registry));
    let page = Mutex::new(Page::default());
    let scrape = Scrape::new(format);
    Contestant::new(name, move |times| {
        let _alive = &alive;
        let mut page = page.lock().expect("no panic");
        for _ in 0..times {
            registry.scrape(&scrape, &mut page);
            black_box(page.as_ref());
        }
    })
}

fn counters(registry: &Registry) -> Family<Labels<10_000>, Counter> {
    let family: Family<Labels<10_000>, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).expect("a legal definition");
    for labels in Labels::all() {
        family.with(labels).inc_by(COUNT);
    }
    family
}

fn histograms(registry: &Registry) -> Family<Labels<100>, Histogram> {
    let definition = Definition::new("series_seconds", "Series.").buckets(&BOUNDS);
    let family: Family<Labels<100>, Histogram> = registry.register(&definition).expect("a legal definition");
    for labels in Labels::all() {
        for seconds in SECONDS {
            family.with(labels).observe(seconds);
        }
    }
    family
}

fn all<F: Send + 'static>(fill: fn(&Registry) -> F) -> [Contestant; 3] {
    [
        pages("limit: the text format", Format::Text, fill),
        pages(OPEN_METRICS, Format::OpenMetrics, fill),
        pages(PROTOBUF, Format::Protobuf, fill),
    ]
}

/// Writes pages of counters and of histograms.
pub(crate) fn run() {
    compare(COUNTERS, 1, &all(counters));
    compare(HISTOGRAMS, 1, &all(histograms));
}
