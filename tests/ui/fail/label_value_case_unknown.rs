use metrics_core::LabelValue;

#[derive(LabelValue)]
#[label(rename_all = "snakecase")]
enum Kind {
    #[label(renam = "a")]
    Plain,
    #[label = "x"]
    Other,
}

fn main() {}
