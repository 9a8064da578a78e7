use metrics_core::counted;

/// Parsed.
#[counted(name)]
fn parse() {}

/// Parsed.
#[counted(name =)]
fn other() {}

fn main() {}
