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
    /// Inner.
    inner: Inner,
}

fn main() {}
