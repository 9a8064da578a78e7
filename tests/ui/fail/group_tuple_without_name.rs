use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics(
    /// Hits.
    Counter,
    #[metric(name = "misses_total")] Counter,
);

fn main() {}
