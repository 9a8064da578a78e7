//! Figures of a Tokio runtime.

use prometheus::proto::MetricType;
use tokio::runtime::RuntimeMetrics;

/// A figure that Tokio tells of a runtime.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) metric_type: MetricType,
    pub(super) read: Read,
}

/// Reads a figure of a runtime, or one of each of its workers.
#[derive(Clone, Copy)]
pub(super) enum Read {
    Runtime(fn(&RuntimeMetrics) -> f64),
    Worker(fn(&RuntimeMetrics, usize) -> f64),
}
