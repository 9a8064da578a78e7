use metrics_core::observed;

struct Parser;

#[observed(function = "parse")]
impl Parser {
    fn parse(&self) {}

    const fn size(&self) -> u8 {
        1
    }
}

fn main() {}
