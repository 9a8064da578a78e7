use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
#[metric(namespace = "arena")]
struct Metrics {
    /// Hits.
    #[metrics(name = "hits_total")]
    hits_total: Counter,
    /// Misses.
    #[metric]
    misses_total: Counter,
    /// More.
    #[metric = "more"]
    more_total: Counter,
}

fn main() {}
