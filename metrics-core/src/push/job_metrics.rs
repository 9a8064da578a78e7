//! Metrics of batch jobs.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use crate::{
    metric::{Family, Gauge},
    model::RegistrationError,
    registry::Registry,
};

const LAST_SUCCESS: &str = "job_last_success_timestamp_seconds";

/// Outcome of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub(super) enum JobOutcome {
    Success,
    Error,
    Panic,
    /// Ended by a signal.
    Terminated,
}

const OUTCOMES: [JobOutcome; 4] =
    [JobOutcome::Success, JobOutcome::Error, JobOutcome::Panic, JobOutcome::Terminated];

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct OutcomeLabel {
    outcome: JobOutcome,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "job", global = false, crate = "crate")]
struct Completion {
    /// Duration of the last run in seconds.
    duration_seconds: Gauge<f64>,
    /// Time of the end of the last run since unix epoch in seconds.
    last_completion_timestamp_seconds: Gauge<f64>,
    /// 1 for the outcome of the last run and 0 for the others.
    status: Family<OutcomeLabel, Gauge>,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "job", global = false, crate = "crate")]
struct Success {
    /// Time of the end of the last successful run since unix epoch in seconds.
    last_success_timestamp_seconds: Gauge<f64>,
}

/// Metrics of a job, with the label `job`.
#[derive(Debug)]
pub(super) struct JobMetrics {
    registry: Registry,
    job: String,
    completion: Completion,
    /// Registered with the first success: zero would be a time.
    success: Mutex<Option<Success>>,
}

impl JobMetrics {
    /// Registers the metrics of a job. The time of the last success is that of the former page, if there is one.
    ///
    /// # Errors
    ///
    /// Returns a conflict with other metrics of the registry.
    pub(super) fn register(
        registry: &Registry,
        job: &str,
        former_page: Option<&str>,
    ) -> Result<Self, RegistrationError> {
        let completion = Completion::register_in(registry.labelled("job", job))?;
        let metrics =
            Self { registry: registry.clone(), job: job.to_owned(), completion, success: Mutex::default() };
        if let Some(time) = former_page.and_then(last_success) {
            metrics.set_last_success(|gauge| gauge.set(time));
        }
        Ok(metrics)
    }

    /// Records the end of a run.
    pub(super) fn record(&self, outcome: JobOutcome, duration: Duration) {
        self.completion.duration_seconds.set(duration.as_secs_f64());
        self.completion.last_completion_timestamp_seconds.set_to_current_time();
        for other in OUTCOMES {
            self.completion.status.with(OutcomeLabel { outcome: other }).set(i64::from(other == outcome));
        }
        if outcome == JobOutcome::Success {
            self.set_last_success(|gauge| gauge.set_to_current_time());
        }
    }

    fn set_last_success(&self, set: impl FnOnce(&Gauge<f64>)) {
        // The same gauge each time, kept so that it stays on the page.
        match Success::register_in(self.registry.labelled("job", &*self.job)) {
            Ok(success) => {
                set(&success.last_success_timestamp_seconds);
                *self.success.lock().unwrap_or_else(PoisonError::into_inner) = Some(success);
            }
            Err(error) => log::warn!("the job `{}` has no time of its last success: {error}", self.job),
        }
    }
}

/// Finds the time of the last success on a page of the same job.
fn last_success(page: &str) -> Option<f64> {
    let line = page.lines().find(|line| line.starts_with(LAST_SUCCESS))?;
    line.rsplit_once(' ')?.1.parse().ok().filter(|time: &f64| time.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_success_is_found_on_the_former_page() {
        let page = "# TYPE job_last_success_timestamp_seconds gauge\n\
                    job_last_success_timestamp_seconds{job=\"a b\"} 1.5e9\nother 1\n";
        assert_eq!(last_success(page), Some(1.5e9));
        for page in
            ["", "job_last_success_timestamp_seconds{job=\"a\"} NaN\n", "job_last_success_timestamp_seconds"]
        {
            assert_eq!(last_success(page), None, "{page}");
        }
    }
}
