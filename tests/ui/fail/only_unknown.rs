use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", only = failed)]
fn parse() {}

fn main() {}
