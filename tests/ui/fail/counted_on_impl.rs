use metrics_core::counted;

struct Parser;

#[counted]
impl Parser {
    fn parse(&self) {}
}

fn main() {}
