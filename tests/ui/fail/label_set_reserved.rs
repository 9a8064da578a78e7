use metrics_core::LabelSet;

#[derive(LabelSet)]
struct Labels {
    le: bool,
    #[label(rename = "__name__")]
    name: bool,
    _private: bool,
    #[label(rename = "a-b")]
    dashed: bool,
    matchType: bool,
}

fn main() {}
