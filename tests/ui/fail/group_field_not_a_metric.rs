use metrics_core::MetricGroup;

#[derive(MetricGroup)]
struct Metrics {
    /// Hits.
    hits: u64,
}

fn main() {}
