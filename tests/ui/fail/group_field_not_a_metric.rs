use metrics_core::MetricGroup;

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Hits.
    hits: u64,
}

fn main() {}
