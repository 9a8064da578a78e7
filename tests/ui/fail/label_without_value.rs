use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(region))]
fn parse(region: bool) {}

fn main() {}
