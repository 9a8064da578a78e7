use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namspace = "arena", registry = MINE, global = "no")]
struct Metrics {
    /// Hits.
    #[metric(units = "x")]
    hits_total: Counter,
}

fn main() {}
