use metrics_core::in_flight;

/// Under way.
#[in_flight(name = "parses", labels(result, some = |ret| ret.is_some()))]
fn parse() -> Option<u8> {
    None
}

fn main() {}
