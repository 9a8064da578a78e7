//! Figures of a Tokio runtime that need `--cfg tokio_unstable`.

use prometheus::proto::{Bucket, Histogram, MetricType};
use tokio::runtime::RuntimeMetrics;

use super::tokio_figure::{Figure, Read};

/// Name and help text of the histogram.
pub(super) const POLL_TIMES: (&str, &str) =
    ("tokio_poll_duration_seconds", "Duration of the polls of tasks in seconds.");

const fn gauge(name: &'static str, help: &'static str, read: Read) -> Figure {
    Figure { name, help, metric_type: MetricType::GAUGE, read }
}

const fn counter(name: &'static str, help: &'static str, read: Read) -> Figure {
    Figure { name, help, metric_type: MetricType::COUNTER, read }
}

pub(super) const FIGURES: &[Figure] = &[
    gauge(
        "tokio_blocking_threads",
        "Number of threads for blocking tasks.",
        Read::Runtime(|runtime| runtime.num_blocking_threads() as f64),
    ),
    gauge(
        "tokio_idle_blocking_threads",
        "Number of idle threads for blocking tasks.",
        Read::Runtime(|runtime| runtime.num_idle_blocking_threads() as f64),
    ),
    gauge(
        "tokio_blocking_queue_tasks",
        "Number of blocking tasks that wait for a thread.",
        Read::Runtime(|runtime| runtime.blocking_queue_depth() as f64),
    ),
    counter(
        "tokio_spawned_tasks_total",
        "Number of tasks spawned.",
        Read::Runtime(|runtime| runtime.spawned_tasks_count() as f64),
    ),
    counter(
        "tokio_remote_schedules_total",
        "Number of tasks scheduled from outside of the runtime.",
        Read::Runtime(|runtime| runtime.remote_schedule_count() as f64),
    ),
    counter(
        "tokio_budget_forced_yields_total",
        "Number of times a task was made to yield after its budget.",
        Read::Runtime(|runtime| runtime.budget_forced_yield_count() as f64),
    ),
    gauge(
        "tokio_worker_local_queue_tasks",
        "Number of tasks in the queue of a worker.",
        Read::Worker(|runtime, worker| runtime.worker_local_queue_depth(worker) as f64),
    ),
    counter(
        "tokio_worker_polls_total",
        "Number of tasks polled by a worker.",
        Read::Worker(|runtime, worker| runtime.worker_poll_count(worker) as f64),
    ),
    counter(
        "tokio_worker_noops_total",
        "Number of times a worker was unparked and found no work.",
        Read::Worker(|runtime, worker| runtime.worker_noop_count(worker) as f64),
    ),
    counter(
        "tokio_worker_steals_total",
        "Number of tasks stolen by a worker.",
        Read::Worker(|runtime, worker| runtime.worker_steal_count(worker) as f64),
    ),
    counter(
        "tokio_worker_steal_operations_total",
        "Number of times a worker stole tasks.",
        Read::Worker(|runtime, worker| runtime.worker_steal_operations(worker) as f64),
    ),
    counter(
        "tokio_worker_local_schedules_total",
        "Number of tasks scheduled by a worker in its own queue.",
        Read::Worker(|runtime, worker| runtime.worker_local_schedule_count(worker) as f64),
    ),
    counter(
        "tokio_worker_overflows_total",
        "Number of times the queue of a worker overflowed.",
        Read::Worker(|runtime, worker| runtime.worker_overflow_count(worker) as f64),
    ),
];

/// Returns the durations of polls by all workers; `None` if the runtime was built without them.
pub(super) fn poll_times(runtime: &RuntimeMetrics) -> Option<Histogram> {
    if !runtime.poll_time_histogram_enabled() {
        return None;
    }
    let workers = 0..runtime.num_workers();
    let buckets = runtime.poll_time_histogram_num_buckets();
    let mut count = 0;
    let mut bounded = Vec::new();
    for at in 0..buckets {
        count +=
            workers.clone().map(|worker| runtime.poll_time_histogram_bucket_count(worker, at)).sum::<u64>();
        // The last has no upper bound.
        if at + 1 < buckets {
            let mut bucket = Bucket::default();
            bucket.set_upper_bound(runtime.poll_time_histogram_bucket_range(at).end.as_secs_f64());
            bucket.set_cumulative_count(count);
            bounded.push(bucket);
        }
    }
    let busy = workers.map(|worker| runtime.worker_total_busy_duration(worker).as_secs_f64()).sum();
    let mut histogram = Histogram::default();
    histogram.set_bucket(bounded.into());
    histogram.set_sample_count(count);
    histogram.set_sample_sum(busy);
    Some(histogram)
}
