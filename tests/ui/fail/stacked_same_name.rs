use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total")]
#[counted(name = "parsed_total", only = error)]
fn parse() {}

fn main() {}
