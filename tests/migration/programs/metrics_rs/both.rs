//! A shop that has moved its counter; the facade's page stands behind this one, on one endpoint.

use std::env;

use metrics::{describe_gauge, describe_histogram, gauge, histogram};
use metrics_core::{Capped, Counter, Family, LabelSet, LabelValue, MetricGroup, Registry};
use metrics_exporter_prometheus::PrometheusBuilder;

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
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

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { Answer::Taken } else { Answer::Refused };
    ShopMetrics::global().orders_total.with(Order { payment: payment.into(), result }).inc();
    if amount > 0.0 {
        histogram!("shop_order_amount_usd").record(amount);
        gauge!("shop_open_orders").increment(1);
    }
}

fn main() {
    let builder = PrometheusBuilder::new().set_buckets(&[1.0, 10.0, 100.0]).expect("buckets");
    let exporter = builder.install_recorder().expect("the only recorder");
    describe_histogram!("shop_order_amount_usd", "Amounts of orders.");
    describe_gauge!("shop_open_orders", "Open orders.");
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment, amount.parse().expect("the amount is a number"));
    }
    print!("{}{}", Registry::global().text(), exporter.render());
}
