use metrics_core::{Objective, counted, timed};

const API: Objective = Objective::new("api", 99.9).latency(0.25);
const BOUNDS: [f64; 2] = [0.1, 1.0];

/// Parses.
#[counted]
#[timed(
    name = "parse_duration_seconds",
    buckets(0.1, 1),
    objective(name = "parse", success = 99.9, latency = "250ms")
)]
fn own() {}

#[counted(objective(name = "counted", success = 99.9, latency = "250ms"))]
fn not_timed() {}

/// Reads.
#[counted]
#[timed(name = "read_duration_seconds", buckets(0.1, 1), objective = API)]
fn listed() {}

/// Writes.
#[counted]
#[timed(name = "write_duration_seconds", buckets = BOUNDS, objective = API)]
fn constant() {}

#[counted(objective = API)]
fn counted_alone() {}

fn main() {}
