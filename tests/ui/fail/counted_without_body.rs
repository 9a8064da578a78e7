use metrics_core::counted;

trait Parse {
    #[counted]
    fn parse(&self);
}

fn main() {}
