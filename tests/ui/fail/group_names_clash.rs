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

/// Constant labels tell metrics of one name apart, where the rest is the same.
#[derive(MetricGroup)]
#[metrics(namespace = "one")]
struct Families {
    /// Hits.
    #[metric(name = "hits_total", labels(side = "left"))]
    left: Counter,
    /// Hits.
    #[metric(name = "hits_total", labels(side = "left"))]
    left_again: Counter,
    /// Sizes.
    #[metric(name = "size_bytes", labels(side = "left"), buckets(1, 2))]
    left_size: Histogram,
    /// Sizes.
    #[metric(name = "size_bytes", labels(side = "right"), buckets(1, 3))]
    right_size: Histogram,
}

fn main() {}
