#![deny(warnings)]

use metrics_core::LabelSet;

#[derive(LabelSet)]
struct Labels {
    r#type: bool,
}

#[derive(LabelSet)]
#[label(allow(label_type))]
struct Allowed {
    #[label(rename = "type")]
    kind: bool,
}

fn main() {
    let _ = (Labels { r#type: true }.r#type, Allowed { kind: true }.kind);
}
