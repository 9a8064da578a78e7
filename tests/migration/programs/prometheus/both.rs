//! A shop that has moved its counter; the other metrics are those of the `prometheus` crate, on the same page.

use std::env;

use lazy_static::lazy_static;
use metrics_core::{Counter, Family, LabelSet, LabelValue, MetricGroup, Registry};
use prometheus::{Histogram, IntGauge, register_histogram, register_int_gauge};

lazy_static! {
    static ref AMOUNTS: Histogram =
        register_histogram!("shop_order_amount_usd", "Amounts of orders.", vec![1.0, 10.0, 100.0]).unwrap();
    static ref OPEN_ORDERS: IntGauge = register_int_gauge!("shop_open_orders", "Open orders.").unwrap();
}

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
}

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { Answer::Taken } else { Answer::Refused };
    ShopMetrics::global().orders_total.with(Order { payment: payment.into(), result }).inc();
    if amount > 0.0 {
        AMOUNTS.observe(amount);
        OPEN_ORDERS.inc();
    }
}

fn main() {
    for order in env::args().skip(1) {
        let (payment, amount) = order.split_once('=').expect("an order is written as card=20");
        take_order(payment, amount.parse().expect("the amount is a number"));
    }
    print!("{}", Registry::global().text());
}
