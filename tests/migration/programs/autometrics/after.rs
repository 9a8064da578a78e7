//! The shop with attributes of this library.

use std::env;

use metrics_core::{Registry, build_info, counted, observed, service_name, timed};

build_info!();

#[observed(objective(name = "api", success = 99.9, latency = "250ms", latency_success = 99))]
fn take_order(amount: &str) -> Result<f64, std::num::ParseFloatError> {
    let amount = amount.parse()?;
    ship(amount);
    Ok(amount)
}

#[counted]
#[timed]
fn ship(_amount: f64) {}

fn main() {
    let labels = [("service_name", service_name("shop"))];
    Registry::global().constant_labels(labels).expect("no metric was used before");
    for amount in env::args().skip(1) {
        let _refused = take_order(&amount);
    }
    print!("{}", Registry::global().text());
}
