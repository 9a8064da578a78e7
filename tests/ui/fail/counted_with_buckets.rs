use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", buckets(1.0))]
fn parse() {}

fn main() {}
