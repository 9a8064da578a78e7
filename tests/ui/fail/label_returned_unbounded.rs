use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(kind = |ret| ret.len()))]
fn parse() -> String {
    String::new()
}

fn main() {}
