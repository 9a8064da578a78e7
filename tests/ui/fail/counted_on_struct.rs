use metrics_core::counted;

#[counted]
struct Parser;

fn main() {}
