//! Metrics of a push about itself.

use std::time::Duration;

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use crate::{
    metric::{Counter, Family, Gauge, Histogram},
    model::RegistrationError,
    registry::Registry,
};

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub(super) enum AttemptOutcome {
    /// The receiver has the content.
    Accepted,
    /// The receiver refused the content for good.
    Rejected,
    /// The receiver cannot take the content now.
    Unavailable,
    /// There was no response: no connection, a broken one, or a time-out.
    Failed,
}

/// Cause for which a request was dropped.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub(super) enum DropCause {
    /// The queue was full.
    QueueFull,
    /// A newer push replaced it.
    Replaced,
    /// The receiver refused it for good.
    Rejected,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct OutcomeLabel {
    outcome: AttemptOutcome,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct CauseLabel {
    cause: DropCause,
}

/// Metrics of a push, with the label `push`.
#[derive(Clone, Debug, MetricGroup)]
#[metrics(namespace = "metrics_push", global = false, crate = "crate")]
pub(super) struct PushMetrics {
    /// Number of attempts to send a request, by outcome.
    attempts_total: Family<OutcomeLabel, Counter>,
    /// Duration of attempts to send a request in seconds.
    #[metric(buckets(0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0))]
    attempt_duration_seconds: Histogram,
    /// Number of requests dropped, by cause.
    dropped_requests_total: Family<CauseLabel, Counter>,
    /// Number of pushes for which the registry could not be encoded.
    encoding_errors_total: Counter,
    /// Number of requests that wait to be sent.
    queue_length: Gauge,
    /// Size of the requests that wait to be sent in bytes.
    queue_size_bytes: Gauge,
    /// Time of the last accepted request since unix epoch in seconds.
    last_success_timestamp_seconds: Gauge<f64>,
}

impl PushMetrics {
    /// Registers the metrics of a push.
    ///
    /// # Errors
    ///
    /// Returns a conflict with other metrics of the registry.
    pub(super) fn register(registry: &Registry, name: &str) -> Result<Self, RegistrationError> {
        Self::register_in(registry.labelled("push", name))
    }

    pub(super) fn attempted(&self, outcome: AttemptOutcome, duration: Duration) {
        self.attempts_total.with(OutcomeLabel { outcome }).inc();
        self.attempt_duration_seconds.observe(duration.as_secs_f64());
        if matches!(outcome, AttemptOutcome::Accepted) {
            self.last_success_timestamp_seconds.set_to_current_time();
        }
    }

    pub(super) fn dropped(&self, cause: DropCause, count: usize) {
        self.dropped_requests_total.with(CauseLabel { cause }).inc_by(count as u64);
    }

    pub(super) fn encoding_failed(&self) {
        self.encoding_errors_total.inc();
    }

    pub(super) fn queued(&self, length: usize, bytes: usize) {
        self.queue_length.set(i64::try_from(length).unwrap_or(i64::MAX));
        self.queue_size_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}
