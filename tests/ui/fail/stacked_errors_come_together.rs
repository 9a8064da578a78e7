use metrics_core::{counted, timed};

#[counted(name = "parsed", labels(le = "x"))]
#[timed(nmae = "x", buckets())]
const fn parse() {}

fn main() {}
