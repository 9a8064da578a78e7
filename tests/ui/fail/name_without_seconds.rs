use metrics_core::timed;

/// Time to parse.
#[timed(name = "parse_duration")]
fn parse() {}

/// Time to parse.
#[timed(name = "parse_duration_milliseconds")]
fn other() {}

fn main() {}
