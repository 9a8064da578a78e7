use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total" only = ok)]
fn parse() {}

fn main() {}
