#![deny(warnings)]

use metrics_core::{Counter, Family, Gauge, LabelSet, Metric, MetricGroup, prometheus::IntCounterVec};

#[derive(LabelSet)]
struct Jobs {
    queue: bool,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Jobs by queue.
    jobs_by_queue_total: Family<Jobs, Counter>,
    /// Jobs by state.
    #[metric(labels(state))]
    jobs_by_state_total: IntCounterVec,
    /// Allowed.
    #[metric(allow(label_in_name))]
    queue_total: Family<Jobs, Counter>,
    /// Jobs.
    jobs_total: Family<Jobs, Counter>,
}

/// Names that do not depend on the parameters are known.
#[derive(MetricGroup)]
#[metrics(namespace = "pool")]
struct Pool<M: Metric, L: LabelSet> {
    /// Jobs by queue.
    jobs_by_queue: Family<Jobs, M>,
    /// Jobs by queue.
    #[metric(when = true)]
    all_by_queue_total: Option<Family<Jobs, Counter>>,
    /// Jobs.
    others_by_queue_total: Family<L, Counter>,
}

fn main() {
    let _ = Pool::<Gauge, Jobs>::unregistered;
    let metrics = Metrics::global();
    let _ = (&metrics.jobs_by_queue_total, &metrics.jobs_by_state_total, &metrics.queue_total);
    metrics.jobs_total.with(Jobs { queue: true }).inc();
}
