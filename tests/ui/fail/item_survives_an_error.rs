use metrics_core::counted;

struct Parser;

#[counted(nmae = "x")]
fn parse(_: Parser) -> u8 {
    1
}

fn uses() -> u8 {
    parse(Parser)
}

fn main() {
    uses();
}
