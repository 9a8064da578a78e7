use metrics_core::{LabelSet, LabelValue};

#[derive(LabelValue)]
enum Browser {
    #[label(other)]
    Lynx,
    #[label(other)]
    Rest,
}

#[derive(LabelSet)]
struct Inner {
    paid: bool,
}

#[derive(LabelSet)]
struct Outer {
    paid: bool,
    #[label(flatten)]
    inner: Inner,
}

fn main() {}
