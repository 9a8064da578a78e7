use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(site = "a", site = "b", result, result))]
fn parse() {}

fn main() {}
