use metrics_core::{counted, timed};

#[counted(function = "a")]
#[timed(function = "b")]
fn parse() {}

fn main() {}
