use metrics_core::LabelSet;

#[derive(LabelSet)]
struct Labels {
    region: bool,
    tenant: String,
}

fn main() {}
