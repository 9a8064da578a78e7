use metrics_core::{counted, timed};

#[counted(labels(result), help = "Parsed.")]
fn parse() {}

#[timed(buckets(1.0))]
fn wait() {}

fn main() {}
