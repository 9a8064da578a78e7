use metrics_core::counted;

#[counted(name = "parsed_total")]
fn parse() {}

fn main() {}
