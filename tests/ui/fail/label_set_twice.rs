use metrics_core::LabelSet;

#[derive(LabelSet)]
struct Labels {
    region: bool,
    #[label(rename = "region")]
    other: bool,
}

fn main() {}
