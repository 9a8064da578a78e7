//! The other formats beside the text format, of the same series.

use std::{hint::black_box, sync::Mutex};

use benches::pages::{counters, histograms, string_counters};
use metrics_core::{Format, Page, Registry, Scrape};

use crate::harness::{Contestant, compare};

pub(crate) const COUNTERS: &str = "formats, 100,000 counters with 3 labels";
pub(crate) const HISTOGRAMS: &str = "formats, 1,000 histograms of 14 buckets with 3 labels";
pub(crate) const STRING_COUNTERS: &str = "formats, 100,000 counters with a string and 2 labels";
pub(crate) const OPEN_METRICS: &str = "ours, OpenMetrics";
pub(crate) const PROTOBUF: &str = "ours, protobuf";

/// A contestant that writes the pages of a registry into one reused buffer and keeps the registered metrics alive.
fn pages<F: Send + 'static>(
    name: &'static str,
    scrape: Scrape,
    fill: impl FnOnce(&Registry) -> F,
) -> Contestant {
    let registry = Registry::new();
    let alive = Mutex::new(fill(&registry));
    let page = Mutex::new(Page::default());
    Contestant::new(name, move |times| {
        let _alive = &alive;
        let mut page = page.lock().expect("no panic");
        for _ in 0..times {
            registry.scrape(&scrape, &mut page);
            black_box(page.as_ref());
        }
    })
}

fn all<F: Send + 'static>(fill: fn(&Registry) -> F) -> [Contestant; 5] {
    let compressed = |coding| Scrape::negotiate(["text/plain"], [coding]);
    [
        pages("limit: the text format", Scrape::new(Format::Text), fill),
        pages(OPEN_METRICS, Scrape::new(Format::OpenMetrics), fill),
        pages(PROTOBUF, Scrape::new(Format::Protobuf), fill),
        pages("ours, text, gzip", compressed("gzip"), fill),
        pages("ours, text, zstd", compressed("zstd"), fill),
    ]
}

/// Writes pages of counters and of histograms.
pub(crate) fn run() {
    compare(COUNTERS, 1, &all(counters::<10_000>));
    compare(HISTOGRAMS, 1, &all(histograms::<100>));
    run_strings();
}

/// Writes pages of series that are named by strings.
pub(crate) fn run_strings() {
    compare(STRING_COUNTERS, 1, &all(string_counters::<10_000>));
}
