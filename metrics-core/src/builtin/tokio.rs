//! Metrics of a Tokio runtime.

use prometheus::{
    core::{Collector, Desc},
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};
use tokio::runtime::{Handle, RuntimeMetrics};

use super::tokio_figure::{Figure, Read};
#[cfg(tokio_unstable)]
use super::tokio_unstable;

/// Metrics of a Tokio runtime, for [`Registry::register_collector`](crate::Registry::register_collector). Needs the feature `tokio`.
///
/// | metric | type | contents |
/// |---|---|---|
/// | `tokio_workers` | gauge | worker threads |
/// | `tokio_alive_tasks` | gauge | tasks that have not completed |
/// | `tokio_global_queue_tasks` | gauge | tasks in the global queue |
/// | `tokio_worker_busy_seconds_total` | counter | busy time of a worker, by `worker` |
/// | `tokio_worker_parks_total` | counter | times that a worker parked, by `worker` |
/// | `tokio_worker_park_unparks_total` | counter | times that a worker parked or was unparked, by `worker` |
///
/// All have the label `runtime`, the name that is given to [`new`](Self::new). A program that is built with
/// `RUSTFLAGS="--cfg tokio_unstable"` has these as well:
///
/// | metric | type | contents |
/// |---|---|---|
/// | `tokio_blocking_threads`, `tokio_idle_blocking_threads` | gauge | threads of the blocking pool, and the idle ones |
/// | `tokio_blocking_queue_tasks` | gauge | tasks that wait for a thread of the blocking pool |
/// | `tokio_spawned_tasks_total` | counter | tasks spawned |
/// | `tokio_remote_schedules_total` | counter | tasks scheduled from outside of the runtime |
/// | `tokio_budget_forced_yields_total` | counter | tasks that were made to yield |
/// | `tokio_worker_local_queue_tasks` | gauge | tasks in the queue of a worker, by `worker` |
/// | `tokio_worker_polls_total` | counter | polls by a worker, by `worker` |
/// | `tokio_worker_noops_total` | counter | times that a worker was unparked and found nothing to do, by `worker` |
/// | `tokio_worker_steals_total`, `tokio_worker_steal_operations_total` | counter | tasks stolen by a worker, and the times that it stole, by `worker` |
/// | `tokio_worker_local_schedules_total` | counter | tasks scheduled by a worker in its own queue, by `worker` |
/// | `tokio_worker_overflows_total` | counter | times that the queue of a worker overflowed, by `worker` |
/// | `tokio_poll_duration_seconds` | histogram | time of polls, if the runtime's builder has `enable_metrics_poll_time_histogram` |
///
/// The sum of that histogram is the busy time of the workers, as Tokio sums up no polls.
///
/// ```
/// use metrics_core::{Registry, TokioMetrics};
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let registry = Registry::new();
/// registry.register_collector(TokioMetrics::new("main", runtime.handle())?)?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("tokio_workers{runtime=\"main\"} 1\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TokioMetrics {
    name: String,
    metrics: RuntimeMetrics,
    descs: Vec<Desc>,
}

const STABLE: [Figure; 6] = [
    Figure {
        name: "tokio_workers",
        help: "Number of worker threads.",
        metric_type: MetricType::GAUGE,
        read: Read::Runtime(|runtime| runtime.num_workers() as f64),
    },
    Figure {
        name: "tokio_alive_tasks",
        help: "Number of tasks that have not completed.",
        metric_type: MetricType::GAUGE,
        read: Read::Runtime(|runtime| runtime.num_alive_tasks() as f64),
    },
    Figure {
        name: "tokio_global_queue_tasks",
        help: "Number of tasks in the global queue.",
        metric_type: MetricType::GAUGE,
        read: Read::Runtime(|runtime| runtime.global_queue_depth() as f64),
    },
    Figure {
        name: "tokio_worker_busy_seconds_total",
        help: "Total time a worker was busy in seconds.",
        metric_type: MetricType::COUNTER,
        read: Read::Worker(|runtime, worker| runtime.worker_total_busy_duration(worker).as_secs_f64()),
    },
    Figure {
        name: "tokio_worker_parks_total",
        help: "Number of times a worker parked.",
        metric_type: MetricType::COUNTER,
        read: Read::Worker(|runtime, worker| runtime.worker_park_count(worker) as f64),
    },
    Figure {
        name: "tokio_worker_park_unparks_total",
        help: "Number of times a worker parked or was unparked.",
        metric_type: MetricType::COUNTER,
        read: Read::Worker(|runtime, worker| runtime.worker_park_unpark_count(worker) as f64),
    },
];

#[cfg(tokio_unstable)]
const UNSTABLE: &[Figure] = tokio_unstable::FIGURES;
#[cfg(not(tokio_unstable))]
const UNSTABLE: &[Figure] = &[];

/// Returns the figures that this build of Tokio has.
fn figures() -> impl Iterator<Item = &'static Figure> {
    const { &STABLE }.iter().chain(UNSTABLE)
}

impl TokioMetrics {
    /// Creates the metrics of a runtime; `name` is the value of the label `runtime`.
    ///
    /// # Errors
    ///
    /// Returns the error of the `prometheus` crate for an illegal name. No name is known to give one.
    pub fn new(name: impl Into<String>, runtime: &Handle) -> prometheus::Result<Self> {
        let name = name.into();
        let desc = |figure: &Figure| {
            let labels = [("runtime".to_owned(), name.clone())].into_iter().collect();
            Desc::new(figure.name.into(), figure.help.into(), Vec::new(), labels)
        };
        let descs = figures().map(desc).collect::<Result<_, _>>()?;
        Ok(Self { metrics: runtime.metrics(), descs, name })
    }

    /// Returns a metric without a value.
    fn metric(&self, worker: Option<usize>) -> Metric {
        let pair = |name: &str, value: String| {
            let mut pair = LabelPair::default();
            pair.set_name(name.into());
            pair.set_value(value);
            pair
        };
        let runtime = pair("runtime", self.name.clone());
        let worker = worker.map(|worker| pair("worker", worker.to_string()));
        Metric::from_label([runtime].into_iter().chain(worker).collect())
    }

    fn family(&self, figure: &Figure) -> MetricFamily {
        let metric = |worker, value| {
            let mut metric = self.metric(worker);
            if figure.metric_type == MetricType::COUNTER {
                let mut counter = Counter::default();
                counter.set_value(value);
                metric.set_counter(counter);
            } else {
                let mut gauge = Gauge::default();
                gauge.set_value(value);
                metric.set_gauge(gauge);
            }
            metric
        };
        let metrics = match figure.read {
            Read::Runtime(read) => vec![metric(None, read(&self.metrics))],
            Read::Worker(read) => (0..self.metrics.num_workers())
                .map(|worker| metric(Some(worker), read(&self.metrics, worker)))
                .collect(),
        };
        family(figure.name, figure.help, figure.metric_type, metrics)
    }

    /// Returns the families that are not figures.
    #[cfg(tokio_unstable)]
    fn histograms(&self) -> Option<MetricFamily> {
        let mut metric = self.metric(None);
        metric.set_histogram(tokio_unstable::poll_times(&self.metrics)?);
        let (name, help) = tokio_unstable::POLL_TIMES;
        Some(family(name, help, MetricType::HISTOGRAM, vec![metric]))
    }

    #[cfg(not(tokio_unstable))]
    #[allow(clippy::unused_self)] // as with `tokio_unstable`
    const fn histograms(&self) -> Option<MetricFamily> {
        None
    }
}

fn family(name: &str, help: &str, metric_type: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.into());
    family.set_help(help.into());
    family.set_field_type(metric_type);
    family.set_metric(metrics);
    family
}

impl Collector for TokioMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        figures().map(|figure| self.family(figure)).chain(self.histograms()).collect()
    }
}
