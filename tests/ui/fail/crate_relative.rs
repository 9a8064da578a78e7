use metrics_core::counted;

#[counted(crate = "metrics_core")]
fn parse() {}

fn main() {}
