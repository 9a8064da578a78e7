use metrics_core::{Objective, counted, observed};

const NONSENSE: Objective = Objective::new("api", 0.999);
const TOO_MANY: Objective = Objective::new("api", 99.9).latency_success(99.0);
const NO_OBJECTIVE: f64 = 99.9;

#[counted(objective = NO_OBJECTIVE)]
fn no_objective() {}

#[counted(objective = "api")]
fn no_path() {}

#[observed(objective(name = "api", success = 99.9, latency_success = 99))]
fn no_latency() {}

#[observed(objective(name = "api", success = 99.9, latency = "250ms", latency_success = 0.99))]
fn no_percentage() {}

fn main() {
    let _ = (NONSENSE, TOO_MANY);
}
