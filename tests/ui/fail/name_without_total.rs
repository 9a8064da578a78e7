use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_count")]
fn parse() {}

fn main() {}
