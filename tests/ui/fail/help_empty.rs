use metrics_core::counted;

#[counted(name = "parsed_total", help = "")]
fn parse() {}

fn main() {}
