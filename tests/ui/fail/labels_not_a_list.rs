use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels = "result")]
fn parse() {}

fn main() {}
