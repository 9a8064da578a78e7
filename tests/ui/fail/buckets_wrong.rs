use metrics_core::timed;

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets())]
fn empty() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets(0.1, 1.0, 0.5, 0.5))]
fn unsorted() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets(0.1, f64::NAN, f64::INFINITY))]
fn not_finite() {}

/// Time to parse.
#[timed(name = "parse_duration_seconds", buckets("1s", LIMIT))]
fn no_number() {}

fn main() {}
