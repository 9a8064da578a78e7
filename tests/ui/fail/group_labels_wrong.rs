use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    /// Hits.
    #[metric(labels(le = "x", site = "a", site = "b"))]
    hits_total: Counter,
    /// Misses.
    #[metric(labels(site = region))]
    misses_total: Counter,
}

fn main() {}
