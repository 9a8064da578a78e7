use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", name = "more_total")]
fn parse() {}

fn main() {}
