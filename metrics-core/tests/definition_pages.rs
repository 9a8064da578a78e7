//! A page of unchanged definitions does not go over them before it is written: its allocations do not depend on their number.
//!
//! The only test of its program, as the metrics that another test drops would change the list of definitions.

#![cfg(feature = "enabled")]

use allocation_counter::measure;
use metrics_core::{Counter, Definition, Format, Gauge, Page, Registry, Scrape};

/// Returns the allocations of a page of `definitions` counters and gauges, some with a label, after a page of the same.
fn of_a_page(definitions: usize, format: Format) -> u64 {
    let registry = Registry::new();
    let counter = |number: usize| -> Counter {
        registry.register(&Definition::new(format!("jobs_{number}_total"), "Jobs.")).unwrap()
    };
    let gauge = |number: usize| -> Gauge {
        registry.register(&Definition::new("level", "Level.").label("shard", number.to_string())).unwrap()
    };
    let _kept: Vec<_> = (0..definitions).map(|number| (counter(number), gauge(number))).collect();
    let (scrape, mut page) = (Scrape::new(format), Page::default());
    registry.scrape(&scrape, &mut page);
    measure(|| registry.scrape(&scrape, &mut page)).count_total
}

#[test]
fn allocations_do_not_depend_on_the_number_of_definitions() {
    for format in [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json] {
        let few = of_a_page(20, format);
        assert_eq!(of_a_page(5_000, format), few, "{format:?}");
        assert!(few <= 20, "{format:?}: {few}");
    }
}
