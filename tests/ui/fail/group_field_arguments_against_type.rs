use metrics_core::{Counter, MetricGroup, prometheus::IntCounterVec};

#[derive(MetricGroup)]
#[metrics(labels(zone = "a", zone = "b", le = "c"))]
struct Metrics {
    /// Jobs.
    #[metric(labels(kind))]
    jobs_total: Counter,
    /// Calls.
    calls_total: IntCounterVec,
    /// Hits.
    hits_total: Option<Counter>,
    /// Misses.
    #[metric(when = true, labels(zone = "c"))]
    misses_total: Counter,
}

fn main() {}
