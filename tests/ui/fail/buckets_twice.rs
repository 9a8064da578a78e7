use metrics_core::timed;

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets(1.0), linear(0.1, 1, 10))]
fn parse() {}

fn main() {}
