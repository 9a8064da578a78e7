#![deny(warnings)]

use metrics_core::{Counter, MetricGroup};

#[derive(MetricGroup)]
struct Metrics {
    /// Hits.
    hits_total: Counter,
    #[metric(nested = "inner")]
    inner: Inner,
}

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Inner {
    /// Misses.
    misses_total: Counter,
}

#[derive(MetricGroup)]
#[metrics(allow(no_namespace))]
struct Allowed {
    /// Calls.
    calls_total: Counter,
}

fn main() {
    Metrics::global().hits_total.inc();
    Metrics::global().inner.misses_total.inc();
    Allowed::global().calls_total.inc();
}
