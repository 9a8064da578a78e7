use metrics_core::{counted, observed, timed};

#[counted]
#[counted]
fn parse() {}

#[observed]
#[timed]
fn other() {}

fn main() {}
