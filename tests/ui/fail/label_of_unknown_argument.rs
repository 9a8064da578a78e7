use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(region = form.region))]
fn parse(from: bool) {}

fn main() {}
