//! The shop with attributes of this library.

use std::env;

use metrics_core::{Registry, build_info, counted, observed, timed};

build_info!();

#[observed]
fn take_order(amount: &str) -> Result<f64, std::num::ParseFloatError> {
    let amount = amount.parse()?;
    ship(amount);
    Ok(amount)
}

#[counted]
#[timed]
fn ship(_amount: f64) {}

fn main() {
    for amount in env::args().skip(1) {
        let _refused = take_order(&amount);
    }
    print!("{}", Registry::global().text());
}
