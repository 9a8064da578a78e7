use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
struct Inner {
    /// Hits.
    hits_total: Counter,
}

#[derive(MetricGroup)]
struct Metrics {
    #[metric(flatten, name = "inner", help = "Inner.")]
    inner: Inner,
    #[metric(flatten, nested = "db")]
    db: Inner,
}

fn main() {}
