//! A shop with `prometheus-client`.

use std::{env, sync::LazyLock};

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, EncodeLabelValue)]
enum Answer {
    Taken,
    Refused,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
struct Order {
    payment: String,
    result: Answer,
}

struct ShopMetrics {
    orders: Family<Order, Counter>,
    order_amount: Histogram,
    open_orders: Gauge,
}

static METRICS: LazyLock<ShopMetrics> = LazyLock::new(|| ShopMetrics {
    orders: Family::default(),
    order_amount: Histogram::new([1.0, 10.0, 100.0]),
    open_orders: Gauge::default(),
});

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { Answer::Taken } else { Answer::Refused };
    METRICS.orders.get_or_create(&Order { payment: payment.to_owned(), result }).inc();
    if amount > 0.0 {
        METRICS.order_amount.observe(amount);
        METRICS.open_orders.inc();
    }
}

fn main() {
    let mut registry = Registry::with_prefix("shop");
    registry.register("orders", "Orders", METRICS.orders.clone());
    let usd = Unit::Other("usd".to_owned());
    registry.register_with_unit("order_amount", "Amounts of orders", usd, METRICS.order_amount.clone());
    registry.register("open_orders", "Open orders", METRICS.open_orders.clone());
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment, amount.parse().expect("the amount is a number"));
    }
    let mut page = String::new();
    encode(&mut page, &registry).expect("a page");
    print!("{page}");
}
