use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namespace = "my-app", subsystem = "")]
struct Metrics {
    /// Hits.
    hits_total: Counter,
}

fn main() {}
