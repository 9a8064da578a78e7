use metrics_core::{counted, observed};

struct Parser;

#[observed(qualified)]
impl Parser {
    fn parse(&self) {}
}

#[observed(qualified)]
fn parse() {}

#[counted(qualified)]
fn read() {}

fn main() {}
