use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(le = "a", quantile = "b", __name__ = "c", _private = "d"))]
fn parse() {}

fn main() {}
