//! A shop that has moved one of its functions; the other is measured by autometrics, on the same page.

use std::env;

use autometrics::{autometrics, settings::AutometricsSettingsBuilder};
use metrics_core::{Registry, observed};

#[observed(objective(name = "api", success = 99.9, latency = "250ms", latency_success = 99))]
fn take_order(amount: &str) -> Result<f64, std::num::ParseFloatError> {
    let amount = amount.parse()?;
    ship(amount);
    Ok(amount)
}

#[autometrics]
fn ship(_amount: f64) {}

fn main() {
    AutometricsSettingsBuilder::default().service_name("shop").init();
    for amount in env::args().skip(1) {
        let _refused = take_order(&amount);
    }
    print!("{}", Registry::global().text());
}
