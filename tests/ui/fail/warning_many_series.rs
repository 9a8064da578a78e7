#![deny(warnings)]

use metrics_core::{Bounded, Capped, Counter, Family, LabelSet, MetricGroup};

#[derive(LabelSet)]
struct Labels {
    shard: Bounded<1, 100>,
    ok: bool,
}

#[derive(LabelSet)]
struct Tenants {
    tenant: Capped<200>,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Hits.
    hits_total: Family<Labels, Counter>,
    /// Allowed.
    #[metric(allow(many_series))]
    misses_total: Family<Labels, Counter>,
    /// Made as they come.
    calls_total: Family<Tenants, Counter>,
}

fn main() {
    let metrics = Metrics::global();
    metrics.hits_total.with(Labels { shard: 1.into(), ok: true }).inc();
    metrics.misses_total.with(Labels { shard: 1.into(), ok: true }).inc();
    metrics.calls_total.with(Tenants { tenant: "a".into() }).inc();
}
