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

/// Labels that do not depend on the parameters are known.
#[derive(MetricGroup)]
#[metrics(namespace = "pool")]
struct Pool<G: MetricGroup> {
    /// Hits.
    hits_total: Family<Labels, Counter>,
    #[metric(flatten)]
    inner: G,
}

fn main() {
    let _ = Pool::<Metrics>::unregistered;
    let metrics = Metrics::global();
    metrics.hits_total.with(Labels { shard: 1.into(), ok: true }).inc();
    metrics.misses_total.with(Labels { shard: 1.into(), ok: true }).inc();
    metrics.calls_total.with(Tenants { tenant: "a".into() }).inc();
}
