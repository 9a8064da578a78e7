//! Time of a scrape as the series of a family grow.

use benches::pages::{counters, string_counters, string_histograms};
use metrics_core::Registry;

use crate::report::{Row, scrape};

/// Prints the time a series for 1,000 to 1,000,000 of them; `is_quick` leaves the largest number out.
pub(crate) fn report(is_quick: bool) {
    of_size::<100>();
    of_size::<1_000>();
    of_size::<10_000>();
    if !is_quick {
        of_size::<100_000>();
    }
}

fn of_size<const SHARDS: usize>() {
    let units = u32::try_from(SHARDS * 10).unwrap_or(u32::MAX);
    let row = |work| Row { work, units, unit: "series" };
    let registry = Registry::new();
    let _alive = counters::<SHARDS>(&registry);
    scrape(&row("scrape, counters with finite labels"), &registry);
    let registry = Registry::new();
    let _alive = string_counters::<SHARDS>(&registry);
    scrape(&row("scrape, counters with a string"), &registry);
    // A million of them are a page of two gigabytes.
    if SHARDS <= 10_000 {
        let registry = Registry::new();
        let _alive = string_histograms::<SHARDS>(&registry);
        scrape(&row("scrape, histograms with a string"), &registry);
    }
}
