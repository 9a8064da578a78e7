use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(some = |ret, more| true))]
fn parse() -> bool {
    true
}

fn main() {}
