use metrics_core::LabelValue;

#[derive(LabelValue)]
struct Kind;

fn main() {}
