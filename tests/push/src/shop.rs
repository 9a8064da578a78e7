//! A registry with a metric of each type, and with values that are hard to write.

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry, Summary,
};

/// Ways to pay.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case")]
pub enum Payment {
    /// By card.
    Card,
    /// In cash.
    Cash,
}

/// Labels of orders.
#[derive(Clone, Debug, LabelSet)]
pub struct OrderLabels {
    /// The way to pay.
    pub payment: Payment,
    /// Any text.
    pub article: Capped<20>,
}

/// Metrics of a shop.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "shop", global = false)]
pub struct ShopMetrics {
    /// Number of orders, with "quotes", a \ and two
    /// lines.
    pub orders_total: Family<OrderLabels, Counter>,
    /// Revenue in euros.
    pub revenue_euros_total: Counter<f64>,
    /// Number of articles in stock.
    pub stock: Gauge,
    /// Temperature of the cellar in celsius.
    pub temperature_celsius: Gauge<f64>,
    /// Duration of orders in seconds.
    #[metric(buckets(0.1, 0.5, 1.0))]
    pub order_duration_seconds: Histogram,
    /// Size of parcels in bytes.
    #[metric(buckets(1000.0, 5000.0), native)]
    pub parcel_size_bytes: Histogram,
    /// Time of deliveries in seconds.
    pub delivery_time_seconds: Summary,
}

/// Registers the metrics and counts some.
pub fn registry() -> (Registry, ShopMetrics) {
    let registry = Registry::new();
    let shop = ShopMetrics::register_in(&registry).expect("no conflict");
    for (article, count) in [("tea", 3), ("a \"b\" \\c\nd", 1), ("Straße/ü", 7), ("", 2)] {
        let labels = OrderLabels { payment: Payment::Card, article: article.into() };
        shop.orders_total.with(labels).inc_by(count);
    }
    shop.revenue_euros_total.inc_by(0.1 + 0.2);
    shop.stock.set(-42);
    shop.temperature_celsius.set(f64::NAN);
    for value in [0.05, 0.5, 0.7, 30.0] {
        shop.order_duration_seconds.observe(value);
        shop.delivery_time_seconds.observe(value);
        shop.parcel_size_bytes.observe(value * 1000.0);
    }
    (registry, shop)
}
