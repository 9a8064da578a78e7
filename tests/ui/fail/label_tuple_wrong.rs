use metrics_core::{Counter, Family, LabelValue, MetricGroup};

#[derive(LabelValue)]
#[label(name = "__kind")]
enum Kind {
    Solo,
}

#[derive(LabelValue)]
enum Status {
    Won,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Without a name.
    first_total: Family<(Status, bool), Counter>,
    /// Twice.
    second_total: Family<(Status, Option<Status>), Counter>,
}

fn main() {}
