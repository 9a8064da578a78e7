//! A page shows the errors of its own scrape.
#![cfg(feature = "enabled")]

use metrics_core::{Definition, Format, Histogram, Page, Registry, Scrape, prometheus};

/// A gauge with the name of a histogram's sample in OpenMetrics only.
#[test]
fn clashing_names_openmetrics() {
    let registry = Registry::global();
    let _wait: Histogram = registry.register(&Definition::new("wait_seconds", "Waiting.")).unwrap();
    let clash = prometheus::register_int_gauge!("wait_seconds_created", "Another time.").unwrap();
    clash.set(1);
    let conflicts = |format| {
        let mut page = Page::default();
        registry.scrape(&Scrape::new(format), &mut page);
        let page = String::from_utf8(page.as_ref().to_vec()).unwrap();
        let series = "\nmetrics_scrape_errors_total{cause=\"conflict\"} ";
        let (value, _) = page.split_once(series).expect(&page).1.split_once('\n').unwrap();
        (value.parse::<u64>().unwrap(), page.contains("\nwait_seconds_created 1\n"))
    };
    assert_eq!(conflicts(Format::Text), (0, true));
    assert_eq!(conflicts(Format::OpenMetrics), (1, false));
    assert_eq!(conflicts(Format::OpenMetrics), (2, false));
    assert_eq!(conflicts(Format::Text), (2, true));
}
