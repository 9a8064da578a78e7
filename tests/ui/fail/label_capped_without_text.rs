use metrics_core::counted;

struct NoText;

/// Parses.
#[counted(name = "parsed_total", labels(kind = error(|err| capped(err, 20))))]
fn parse() -> Result<(), NoText> {
    Ok(())
}

/// Reads.
#[counted(name = "read_total", labels(kind = capped(kind, 20)))]
fn read(kind: Option<NoText>) {}

fn main() {}
