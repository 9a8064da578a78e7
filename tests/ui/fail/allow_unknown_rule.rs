use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed", allow = total)]
fn parse() {}

fn main() {}
