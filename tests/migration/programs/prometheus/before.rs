//! A shop with the `prometheus` crate and lazy statics.

use std::env;

use lazy_static::lazy_static;
use prometheus::{
    Histogram, IntCounterVec, IntGauge, TextEncoder, register_histogram, register_int_counter_vec,
    register_int_gauge,
};

lazy_static! {
    static ref ORDERS: IntCounterVec =
        register_int_counter_vec!("shop_orders_total", "Orders.", &["payment", "result"]).unwrap();
    static ref AMOUNTS: Histogram =
        register_histogram!("shop_order_amount_usd", "Amounts of orders.", vec![1.0, 10.0, 100.0]).unwrap();
    static ref OPEN_ORDERS: IntGauge = register_int_gauge!("shop_open_orders", "Open orders.").unwrap();
}

fn take_order(payment: &str, amount: f64) {
    let result = if amount > 0.0 { "taken" } else { "refused" };
    ORDERS.with_label_values(&[payment, result]).inc();
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
    print!("{}", TextEncoder::new().encode_to_string(&prometheus::gather()).expect("a page"));
}
