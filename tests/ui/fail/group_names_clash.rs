use metrics_core::{Counter, Gauge, Histogram, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    /// Hits.
    hits_total: Counter,
    /// Hits.
    #[metric(name = "hits_total")]
    more: Counter,
    /// Sizes.
    size_bytes: Histogram,
    /// Sizes.
    #[metric(allow(reserved_suffix))]
    size_bytes_count: Gauge,
    /// Made.
    hits_created: Gauge,
}

fn main() {}
