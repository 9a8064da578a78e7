use metrics_core::{Counter, Family, LabelSet, MetricGroup};

#[derive(MetricGroup)]
#[metrics(global = true)]
struct Metrics<L: LabelSet> {
    /// Hits.
    hits_total: Family<L, Counter>,
}

fn main() {}
