use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(tenant = capped(tenant)))]
fn parse(tenant: &str) {}

/// Parsed.
#[counted(name = "parsed_more_total", labels(tenant = capped(tenant, 0)))]
fn zero(tenant: &str) {}

fn main() {}
