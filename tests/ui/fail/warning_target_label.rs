#![deny(warnings)]

use metrics_core::{Counter, LabelSet, MetricGroup};

#[derive(LabelSet)]
struct Labels {
    job: bool,
    region: bool,
    #[label(allow(target_label))]
    instance: bool,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena", labels(env = "test"))]
struct Metrics {
    /// Hits.
    #[metric(labels(region = "eu"))]
    hits_total: Counter,
    /// Misses.
    #[metric(labels(zone = "a"), allow(target_label))]
    misses_total: Counter,
}

fn main() {
    let _ = Labels { job: true, region: true, instance: true };
    Metrics::global().hits_total.inc();
    Metrics::global().misses_total.inc();
}
