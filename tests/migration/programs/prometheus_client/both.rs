//! A shop that has moved its counter; both pages are one page of OpenMetrics.

use std::{env, sync::LazyLock};

use metrics_core::{
    Capped, Counter, Family, Format, LabelSet, LabelValue, MetricGroup, Page, Registry, Scrape,
};
use prometheus_client::{
    encoding::text::encode_registry,
    metrics::{gauge::Gauge, histogram::Histogram},
    registry::{self, Unit},
};

#[derive(Clone, Copy, LabelValue)]
enum Answer {
    Taken,
    Refused,
}

#[derive(Clone, LabelSet)]
struct Order {
    payment: Capped<20>,
    result: Answer,
}

#[derive(MetricGroup)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Orders.
    orders_total: Family<Order, Counter>,
}

/// Metrics that have not moved yet.
struct OldMetrics {
    order_amount: Histogram,
    open_orders: Gauge,
}

static METRICS: LazyLock<OldMetrics> = LazyLock::new(|| OldMetrics {
    order_amount: Histogram::new([1.0, 10.0, 100.0]),
    open_orders: Gauge::default(),
});

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { Answer::Taken } else { Answer::Refused };
    ShopMetrics::global().orders_total.with(Order { payment: payment.into(), result }).inc();
    if amount > 0.0 {
        METRICS.order_amount.observe(amount);
        METRICS.open_orders.inc();
    }
}

fn main() {
    let mut registry = registry::Registry::with_prefix("shop");
    let usd = Unit::Other("usd".to_owned());
    registry.register_with_unit("order_amount", "Amounts of orders", usd, METRICS.order_amount.clone());
    registry.register("open_orders", "Open orders", METRICS.open_orders.clone());
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment, amount.parse().expect("the amount is a number"));
    }
    let mut page = String::new();
    encode_registry(&mut page, &registry).expect("a page"); // without `# EOF`, which ends the other page
    let mut rest = Page::default();
    Registry::global().scrape(&Scrape::new(Format::OpenMetrics), &mut rest);
    print!("{page}{}", String::from_utf8_lossy(rest.as_ref()));
}
