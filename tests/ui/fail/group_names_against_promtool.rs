use metrics_core::{Counter, Gauge, Histogram, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Hits.
    hits: Counter,
    /// Players.
    players_total: Gauge,
    /// Players.
    players_count: Gauge,
    /// Waits.
    wait_milliseconds: Histogram,
    /// Allowed.
    #[metric(allow(base_unit))]
    wait_minutes: Gauge,
}

fn main() {}
