use metrics_core::{Counter, Gauge, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    /// Hits.
    #[metric(buckets(1.0))]
    hits_total: Counter,
    /// Players.
    #[metric(linear(0, 1, 2))]
    players: metrics_core::Family<(), Gauge>,
}

fn main() {}
