//! Pages measured in instructions: `scripts/instructions-pages` runs this under callgrind and prints a table.
//!
//! Each page is a function of its own that is never inlined, so that the profile has a line for it.

use std::hint::black_box;

use benches::pages::{
    LimitCounters, LimitHistograms, counters, definitions, histograms, string_counters, string_histograms,
};
use metrics_core::{Format, Page, Registry, Scrape};

/// 10,000 counters and 1,000 histograms.
const COUNTER_SHARDS: usize = 1000;
const HISTOGRAM_SHARDS: usize = 100;

#[inline(never)]
fn text(registry: &Registry, page: &mut Page) {
    registry.scrape(&Scrape::new(Format::Text), page);
}

#[inline(never)]
fn open_metrics(registry: &Registry, page: &mut Page) {
    registry.scrape(&Scrape::new(Format::OpenMetrics), page);
}

#[inline(never)]
fn protobuf(registry: &Registry, page: &mut Page) {
    registry.scrape(&Scrape::new(Format::Protobuf), page);
}

#[inline(never)]
fn limit(write: impl Fn(&mut String), page: &mut String) {
    page.clear();
    write(page);
}

/// One reused page buffer for each format.
fn once(registry: &Registry, pages: &mut [Page; 3], write: impl Fn(&mut String), limits: &mut String) {
    let [classic, open, binary] = pages;
    limit(write, limits);
    text(black_box(registry), classic);
    open_metrics(black_box(registry), open);
    protobuf(black_box(registry), binary);
}

/// Runs every operation once more; only this part is measured.
#[inline(never)]
fn measured(registry: &Registry, pages: &mut [Page; 3], write: impl Fn(&mut String), limits: &mut String) {
    once(registry, pages, write, limits);
}

fn run<F>(fill: impl Fn(&Registry) -> F, write: impl Fn(&mut String)) {
    let registry = Registry::new();
    let _alive = fill(&registry);
    let (mut pages, mut limits) = (Default::default(), String::new());
    once(&registry, &mut pages, &write, &mut limits);
    measured(&registry, &mut pages, write, &mut limits);
}

fn main() {
    let counter_limit = LimitCounters::new::<COUNTER_SHARDS>();
    let histogram_limit = LimitHistograms::new::<HISTOGRAM_SHARDS>();
    match std::env::args().nth(1).as_deref() {
        Some("definitions") => run(definitions::<COUNTER_SHARDS>, |page| counter_limit.write(page)),
        Some("histograms") => run(histograms::<HISTOGRAM_SHARDS>, |page| histogram_limit.write(page)),
        Some("string-counters") => run(string_counters::<COUNTER_SHARDS>, |page| counter_limit.write(page)),
        Some("string-histograms") => {
            run(string_histograms::<HISTOGRAM_SHARDS>, |page| histogram_limit.write(page));
        }
        _ => run(counters::<COUNTER_SHARDS>, |page| counter_limit.write(page)),
    }
}
