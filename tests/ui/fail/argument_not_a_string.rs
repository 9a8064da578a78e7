use metrics_core::counted;

/// Parsed.
#[counted(name = 5)]
fn parse() {}

/// Parsed.
#[counted(name = parsed_total)]
fn other() {}

fn main() {}
