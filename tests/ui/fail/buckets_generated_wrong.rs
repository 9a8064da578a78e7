use metrics_core::timed;

/// Time to parse.
#[timed(name = "parse_duration_seconds", exponential(0, 2, 10))]
fn start() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", exponential(0.1, 1, 10))]
fn factor() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", linear(0.1, 1, 0))]
fn count() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", linear(0.1, 1))]
fn two() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets(linear(0.1, 1, 2)))]
fn inside() {}

fn main() {}
