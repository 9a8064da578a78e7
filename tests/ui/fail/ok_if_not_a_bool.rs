use metrics_core::counted;

#[counted(ok_if = |ret| ret.len())]
fn parse() -> Vec<u8> {
    Vec::new()
}

fn main() {}
