use metrics_core::counted;

#[counted(error_if = |ret| ret.is_none(), ok_if = |ret| ret.is_some())]
fn parse() -> Option<u8> {
    None
}

fn main() {}
