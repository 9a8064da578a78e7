//! A shop with the macros of `metrics` and the exporter for Prometheus.

use std::env;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::PrometheusBuilder;

fn take_order(payment: String, amount: f64) {
    let result = if amount > 0.0 { "taken" } else { "refused" };
    counter!("shop_orders_total", "payment" => payment, "result" => result).increment(1);
    if amount > 0.0 {
        histogram!("shop_order_amount_usd").record(amount);
        gauge!("shop_open_orders").increment(1);
    }
}

fn main() {
    let builder = PrometheusBuilder::new().set_buckets(&[1.0, 10.0, 100.0]).expect("buckets");
    let exporter = builder.install_recorder().expect("the only recorder");
    describe_counter!("shop_orders_total", "Orders.");
    describe_histogram!("shop_order_amount_usd", "Amounts of orders.");
    describe_gauge!("shop_open_orders", "Open orders.");
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment.to_owned(), amount.parse().expect("the amount is a number"));
    }
    print!("{}", exporter.render());
}
