use metrics_core::{counted, observed, timed};

#[observed(objective(name = "default", success = 99.9, latency = "300ms"))]
fn default() {}

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

fn main() {}
