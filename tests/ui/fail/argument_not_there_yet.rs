use metrics_core::counted;

#[counted(objective(name = "parse", success = 99.9), registry = MINE)]
fn parse() {}

fn main() {}
