use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed-total")]
fn parse() {}

/// Parsed.
#[counted(name = "9parsed_total")]
fn digit() {}

/// Parsed.
#[counted(name = "")]
fn empty() {}

/// Parsed.
#[counted(name = "разобрано")]
fn script() {}

fn main() {}
