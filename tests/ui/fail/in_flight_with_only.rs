use metrics_core::in_flight;

/// Under way.
#[in_flight(name = "parses", only = ok)]
fn parse() {}

fn main() {}
