//! The bridge to the `prometheus` crate, both ways: either page has the metrics of both.

use metrics_core::{Counter, MetricGroup, Registry, testing};
use prometheus::{TextEncoder, register_int_counter};

#[derive(MetricGroup)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Orders, which have moved.
    orders_total: Counter,
}

#[test]
fn either_page_has_the_metrics_of_both() {
    let parcels =
        register_int_counter!("shop_parcels_total", "Parcels, which have not moved.").expect("a counter");
    parcels.inc();
    ShopMetrics::global().orders_total.inc();
    let registry = Registry::global();
    let gathered = TextEncoder::new().encode_to_string(&prometheus::gather()).expect("a page");
    for series in ["shop_orders_total", "shop_parcels_total"] {
        assert_eq!(testing::value(registry, series), Some(1.0), "{series}");
        let lines: Vec<_> = gathered.lines().filter(|line| line.starts_with(&format!("{series} "))).collect();
        assert_eq!(lines, [format!("{series} 1")]);
    }
}
