//! What a Tokio runtime says of itself.

use prometheus::{
    core::{Collector, Desc},
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};
use tokio::runtime::{Handle, RuntimeMetrics};

/// The metrics of a Tokio runtime, for [`Registry::register_collector`](crate::Registry::register_collector): workers, tasks
/// that are alive, tasks in the queue of all workers, and how long each worker was busy and how often it had nothing to do.
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

const WORKERS: (&str, &str) = ("tokio_workers", "Threads that run the runtime's tasks.");
const TASKS: (&str, &str) = ("tokio_alive_tasks", "Tasks that have not ended.");
const QUEUE: (&str, &str) = ("tokio_global_queue_tasks", "Tasks that wait in the queue of all workers.");
const BUSY: (&str, &str) =
    ("tokio_worker_busy_seconds_total", "Time that a worker was not waiting for work.");
const PARKS: (&str, &str) = ("tokio_worker_parks_total", "How often a worker began to wait for work.");

impl TokioMetrics {
    /// The metrics of a runtime, whose name is the label `runtime`.
    ///
    /// # Errors
    ///
    /// None that is known: they are the `prometheus` crate's, for names that are not legal.
    pub fn new(name: impl Into<String>, runtime: &Handle) -> prometheus::Result<Self> {
        let name = name.into();
        let desc = |(metric, help): (&str, &str)| {
            let labels = [("runtime".to_owned(), name.clone())].into_iter().collect();
            Desc::new(metric.into(), help.into(), Vec::new(), labels)
        };
        let descs = [WORKERS, TASKS, QUEUE, BUSY, PARKS].into_iter().map(desc).collect::<Result<_, _>>()?;
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

fn family(name: &str, help: &str, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.into());
    family.set_help(help.into());
    family.set_field_type(kind);
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
        ]
    }
}
