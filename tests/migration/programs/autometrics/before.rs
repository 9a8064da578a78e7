//! A shop with autometrics.

use std::env;

use autometrics::{
    autometrics,
    objectives::{Objective, ObjectiveLatency, ObjectivePercentile},
    settings::AutometricsSettingsBuilder,
};
use prometheus::TextEncoder;

const API: Objective = Objective::new("api")
    .success_rate(ObjectivePercentile::P99_9)
    .latency(ObjectiveLatency::Ms250, ObjectivePercentile::P99);

#[autometrics(track_concurrency, objective = API)]
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
