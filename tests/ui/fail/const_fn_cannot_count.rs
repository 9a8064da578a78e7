use metrics_core::counted;

#[counted]
const fn parse() -> u8 {
    1
}

fn main() {}
