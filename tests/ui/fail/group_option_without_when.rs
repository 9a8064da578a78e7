use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Inner {
    /// Hits.
    hits_total: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    #[metric(flatten)]
    inner: Option<Inner>,
    #[metric(nested = "other", when = true)]
    other: Inner,
}

fn main() {}
