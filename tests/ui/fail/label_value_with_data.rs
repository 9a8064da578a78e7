use metrics_core::LabelValue;

#[derive(LabelValue)]
enum Kind {
    Plain,
    Sized(u8),
    Named { size: u8 },
}

fn main() {}
