use metrics_core::{observed, timed};

#[observed(objective(name = "log in", success = 100, latency = "fast"))]
fn values() {}

#[observed(objective(name = "parse", succes = 99.9, latency = 250))]
fn words() {}

#[observed(objective(latency = "250ms"))]
fn incomplete() {}

#[observed(objective = "login")]
fn not_a_list() {}

#[timed(objective(name = "parse", success = 99.9))]
fn without_results() {}

#[observed(objective(name = "share", success = 0.999))]
fn share() {}

fn main() {
    values();
}
