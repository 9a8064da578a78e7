use metrics_core::LabelValue;

#[derive(LabelValue)]
enum Kind {}

fn main() {}
