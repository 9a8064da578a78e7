use metrics_core::{Counter, Histogram, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    /// Money taken.
    #[metric(unit = "usd")]
    revenue_total: Counter,
    /// Sizes.
    #[metric(unit = "by-tes")]
    size_bytes: Histogram,
}

fn main() {}
