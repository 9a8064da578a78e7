use metrics_core::observed;

#[observed(skip)]
fn parse() {}

fn main() {}
