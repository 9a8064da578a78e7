use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
struct Inner {
    /// Hits.
    hits_total: Counter,
}

#[derive(MetricGroup)]
struct Metrics {
    /// Inner.
    inner: Inner,
}

fn main() {}
