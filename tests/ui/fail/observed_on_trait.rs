use metrics_core::observed;

#[observed]
trait Parse {
    fn parse(&self) {}
}

fn main() {}
