use metrics_core::{counted, timed};

#[counted(error_if = |ret| ret.is_none())]
#[timed(error_if = |ret| *ret == Some(0))]
fn parse() -> Option<u8> {
    None
}

fn main() {}
