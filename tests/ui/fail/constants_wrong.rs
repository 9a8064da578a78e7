use metrics_core::{counted, in_flight, timed};

const NAME: &str = "reads";
const OTHER: &str = "9 reads";
const EMPTY: &str = "";
const BOUNDS: [f64; 2] = [1.0, 1.0];
const RIGHT: &[f64] = &[0.1, 1.0];
const NUMBER: u8 = 1;

#[counted(name = NAME, help = EMPTY)]
#[in_flight(name = OTHER, help = "Under way.")]
fn read() {}

/// Waits.
#[timed(name = NAME, buckets = BOUNDS)]
#[timed(name = "waits_seconds", buckets = RIGHT, objective(name = "wait", success = 99, latency = "250ms"), labels(result))]
fn wait() {}

/// Types.
#[counted(name = NUMBER, help = MISSING)]
fn types() {}

/// Twice.
#[timed(name = "twice_seconds", buckets = RIGHT, buckets(1, 2))]
fn twice() {}

/// Neither a text nor a path.
#[counted(name = 1 + 2)]
fn neither() {}

fn main() {}
