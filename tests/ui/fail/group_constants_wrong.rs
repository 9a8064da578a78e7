use metrics_core::{Counter, Histogram, MetricGroup};

const NAME: &str = "jobs";
const HELP: &str = "";
const BOUNDS: &[f64] = &[1.0, 1.0];

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Jobs.
    #[metric(name = NAME)]
    jobs_total: Counter,
    #[metric(help = HELP)]
    calls_total: Counter,
    /// Sizes.
    #[metric(buckets = BOUNDS)]
    sizes: Histogram,
}

fn main() {}
