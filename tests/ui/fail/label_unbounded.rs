use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(tenant = tenant))]
fn parse(tenant: &str) {}

fn main() {}
