use metrics_core::counted;

/// Parses.
#[counted(name = "parses_total", labels(kind = error(err.kind()), other = error(|one, two| one)))]
fn not_a_closure() {}

/// Parses.
#[counted(name = "reads_total", labels(kind = error(|err| true)))]
fn no_result() -> Option<u8> {
    None
}

/// Parses.
#[counted(name = "texts_total", labels(kind = error(|err| err.to_string())))]
fn unbounded() -> Result<(), std::fmt::Error> {
    Ok(())
}

fn main() {}
