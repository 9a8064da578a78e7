use metrics_core::{Capped, Counter, Family, LabelSet, MetricGroup};

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10>,
}

#[derive(MetricGroup)]
#[metrics(namespace = "app")]
struct Metrics {
    /// Calls by tenant.
    #[metric(ttl = "ten minutes")]
    calls_total: Family<Tenant, Counter>,
}

fn main() {}
