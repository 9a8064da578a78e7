use metrics_core::counted;

#[counted(nmae = "parsed_total")]
fn parse() {}

#[counted(frobnicate)]
fn other() {}

fn main() {}
