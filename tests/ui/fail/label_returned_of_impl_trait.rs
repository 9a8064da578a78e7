use metrics_core::counted;

/// Parsed.
#[counted(name = "parsed_total", labels(some = |ret| ret.is_ok()))]
fn parse() -> Result<impl Iterator<Item = u8>, ()> {
    Ok([].into_iter())
}

fn main() {}
