use metrics_core::{Counter, Family, LabelValue, MetricGroup};

#[derive(LabelValue)]
enum Kind {
    Solo,
}

struct Labels {
    kind: Kind,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// A value alone.
    first_total: Family<Kind, Counter>,
    /// Without the derive.
    second_total: Family<Labels, Counter>,
    /// Not a metric.
    third_total: Family<(Kind,), u64>,
}

fn main() {}
