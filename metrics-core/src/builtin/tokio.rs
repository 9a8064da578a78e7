//! Metrics of a Tokio runtime.

use prometheus::{
    core::{Collector, Desc},
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};
use tokio::runtime::{Handle, RuntimeMetrics};

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
/// All have the label `runtime`, the name that is given to [`new`](Self::new).
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

const WORKERS: (&str, &str) = ("tokio_workers", "Number of worker threads.");
const TASKS: (&str, &str) = ("tokio_alive_tasks", "Number of tasks that have not completed.");
const QUEUE: (&str, &str) = ("tokio_global_queue_tasks", "Number of tasks in the global queue.");
const BUSY: (&str, &str) = ("tokio_worker_busy_seconds_total", "Total time a worker was busy in seconds.");
const PARKS: (&str, &str) = ("tokio_worker_parks_total", "Number of times a worker parked.");
const PARKS_AND_UNPARKS: (&str, &str) =
    ("tokio_worker_park_unparks_total", "Number of times a worker parked or was unparked.");

impl TokioMetrics {
    /// Creates the metrics of a runtime; `name` is the value of the label `runtime`.
    ///
    /// # Errors
    ///
    /// Returns the error of the `prometheus` crate for an illegal name. No name is known to give one.
    pub fn new(name: impl Into<String>, runtime: &Handle) -> prometheus::Result<Self> {
        let name = name.into();
        let desc = |(metric, help): (&str, &str)| {
            let labels = [("runtime".to_owned(), name.clone())].into_iter().collect();
            Desc::new(metric.into(), help.into(), Vec::new(), labels)
        };
        let descs = [WORKERS, TASKS, QUEUE, BUSY, PARKS, PARKS_AND_UNPARKS]
            .into_iter()
            .map(desc)
            .collect::<Result<_, _>>()?;
        Ok(Self { metrics: runtime.metrics(), descs, name })
    }

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

    fn gauge(&self, (name, help): (&str, &str), value: usize) -> MetricFamily {
        let mut gauge = Gauge::default();
        gauge.set_value(value as f64);
        let mut metric = self.metric(None);
        metric.set_gauge(gauge);
        family(name, help, MetricType::GAUGE, vec![metric])
    }

    fn counters(&self, (name, help): (&str, &str), value: impl Fn(usize) -> f64) -> MetricFamily {
        let counter = |worker| {
            let mut counter = Counter::default();
            counter.set_value(value(worker));
            let mut metric = self.metric(Some(worker));
            metric.set_counter(counter);
            metric
        };
        family(name, help, MetricType::COUNTER, (0..self.metrics.num_workers()).map(counter).collect())
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
        vec![
            self.gauge(WORKERS, self.metrics.num_workers()),
            self.gauge(TASKS, self.metrics.num_alive_tasks()),
            self.gauge(QUEUE, self.metrics.global_queue_depth()),
            self.counters(BUSY, |worker| self.metrics.worker_total_busy_duration(worker).as_secs_f64()),
            self.counters(PARKS, |worker| self.metrics.worker_park_count(worker) as f64),
            self.counters(PARKS_AND_UNPARKS, |worker| self.metrics.worker_park_unpark_count(worker) as f64),
        ]
    }
}
