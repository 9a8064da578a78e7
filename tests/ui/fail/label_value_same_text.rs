use metrics_core::LabelValue;

#[derive(LabelValue)]
#[label(rename_all = "lowercase")]
enum Kind {
    Plain,
    #[label(rename = "plain")]
    Other,
}

fn main() {}
