//! Rows of the output, each with the time of a unit.

use std::{hint::black_box, time::Instant};

use metrics_core::{Format, Page, Registry, Scrape};

/// Rounds of a measurement; the median is printed.
const ROUNDS: usize = 15;

/// Work of one row.
pub(crate) struct Row<'a> {
    pub(crate) work: &'a str,
    pub(crate) units: u32,
    pub(crate) unit: &'a str,
}

/// Prints the time of all units and of one.
pub(crate) fn per_unit(row: &Row<'_>, nanos: f64) {
    let Row { work, units, unit } = row;
    println!(
        "{work:<52} {units:>9} {:>11.3} ms {:>10.1} ns a {unit}",
        nanos / 1e6,
        nanos / f64::from(*units)
    );
}

/// Returns the median of some rounds after a first one.
pub(crate) fn median(mut round: impl FnMut() -> f64) -> f64 {
    round();
    let mut times: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the median time of a page in the text format.
pub(crate) fn scrape(row: &Row<'_>, registry: &Registry) {
    let mut page = Page::default();
    let round = || {
        let start = Instant::now();
        registry.scrape(&Scrape::new(Format::Text), &mut page);
        black_box(&page);
        start.elapsed().as_secs_f64() * 1e9
    };
    per_unit(row, median(round));
}
