//! A shop with autometrics.

use std::env;

use autometrics::{autometrics, settings::AutometricsSettingsBuilder};
use prometheus::TextEncoder;

#[autometrics(track_concurrency)]
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
    print!("{}", TextEncoder::new().encode_to_string(&prometheus::gather()).expect("a page"));
}
