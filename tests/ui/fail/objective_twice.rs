use metrics_core::{counted, in_flight, observed, timed};

#[counted(objective(name = "one", success = 99))]
#[timed(objective(name = "two", success = 99))]
fn twice() {}

#[in_flight(objective(name = "one", success = 99))]
fn under_way() {}

struct Parser;

#[observed(objective(name = "one", success = 99))]
impl Parser {
    fn parse() {}
}

fn main() {
    Parser::parse();
}
