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
    #[metric(flatten, name = "inner", help = "Inner.")]
    inner: Inner,
    #[metric(flatten, nested = "db")]
    db: Inner,
}

fn main() {}
