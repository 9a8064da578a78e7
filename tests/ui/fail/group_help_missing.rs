use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    hits_total: Counter,
    #[metric(help = "  ")]
    misses_total: Counter,
}

fn main() {}
