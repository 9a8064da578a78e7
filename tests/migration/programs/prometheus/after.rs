//! The shop with a metric group.

use std::env;

use metrics_core::{Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry};

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Payment {
    Card,
    Cash,
    #[label(other)]
    Other,
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Answer {
    Taken,
    Refused,
}

#[derive(Clone, Copy, LabelSet)]
struct Order {
    payment: Payment,
    result: Answer,
}

#[derive(MetricGroup)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Orders.
    orders_total: Family<Order, Counter>,
    /// Amounts of orders.
    #[metric(buckets(1, 10, 100))]
    order_amount_usd: Histogram,
    /// Open orders.
    #[metric(renamed_from = "shop_open_orders")]
    unshipped_orders: Gauge,
}

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { Answer::Taken } else { Answer::Refused };
    let metrics = ShopMetrics::global();
    metrics.orders_total.with(Order { payment: payment.into(), result }).inc();
    if amount > 0.0 {
        metrics.order_amount_usd.observe(amount);
        metrics.unshipped_orders.inc();
    }
}

fn main() {
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment, amount.parse().expect("the amount is a number"));
    }
    print!("{}", Registry::global().text());
}
