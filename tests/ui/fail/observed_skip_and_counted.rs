use metrics_core::{counted, observed};

struct Parser;

#[observed]
impl Parser {
    #[observed(skip)]
    #[counted]
    fn parse(&self) {}
}

fn main() {}
