use metrics_core::LabelValue;

#[derive(LabelValue)]
enum Kind<T> {
    Plain,
    Other,
}

fn main() {}
