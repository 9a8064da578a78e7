use metrics_core::observed;

#[observed(name = "parsed_total")]
fn parse() {}

fn main() {}
