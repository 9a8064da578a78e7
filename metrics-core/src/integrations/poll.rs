//! Values that a task polls, as those of a provider's API.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use metrics_macros::{LabelSet, LabelValue, MetricGroup};
use tokio::{
    runtime::Handle,
    task::{AbortHandle, JoinSet},
    time::sleep,
};

use crate::{
    metric::{Counter, Family, Gauge},
    model::RegistrationError,
    registry::Registry,
};

/// A failed poll doubles the wait until the next one, up to this multiple of the period.
const MAX_BACK_OFF: u32 = 32;

/// A task that polls values, of [`Registry::poll_every`]. When this value is dropped, the runtime ends the task, and its metrics
/// leave the page with it.
#[must_use = "the polls end when this is dropped"]
pub struct Poll {
    task: AbortHandle,
    _metrics: PollMetrics,
}

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
enum PollResult {
    Ok,
    Error,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct ResultLabel {
    result: PollResult,
}

#[derive(Clone, Debug, MetricGroup)]
#[metrics(namespace = "metrics", global = false, crate = "crate")]
struct PollMetrics {
    /// Number of polls by result.
    polls_total: Family<ResultLabel, Counter>,
    /// Time of the last poll without an error since unix epoch in seconds.
    poll_last_success_timestamp_seconds: Gauge<f64>,
}

impl Registry {
    /// Polls values now and then every period, in a task of a Tokio runtime: those of an API that no page may wait for.
    ///
    /// The closure sets gauges of the service. `metrics_polls_total{poll,result}` counts the polls, and
    /// `metrics_poll_last_success_timestamp_seconds{poll}` has the time of the last that succeeded, so
    /// `time() - metrics_poll_last_success_timestamp_seconds` is the age of the values; it is zero before the first.
    ///
    /// There is never more than one poll at once: the period begins when a poll has ended. After an error, or a panic, the wait
    /// doubles, up to 32 periods. A poll that never ends is for the closure to end, with a time-out of its own.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use metrics_core::{Definition, Gauge, Registry};
    /// # async fn quota() -> Result<i64, std::io::Error> { Ok(80) }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # let registry = Registry::new();
    /// let left: Gauge = registry.register(&Definition::new("provider_quota", "Requests left."))?;
    /// let poll = move || {
    ///     let left = left.clone();
    ///     async move { quota().await.map(|quota| left.set(quota)) }
    /// };
    /// let _poll = registry.poll_every(Duration::from_secs(30), "quota", runtime.handle(), poll)?;
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("metrics_polls_total{poll=\"quota\",result=\"error\"} 0\n"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn poll_every<F, Polled, E>(
        &self,
        period: Duration,
        name: &str,
        runtime: &Handle,
        mut poll: F,
    ) -> Result<Poll, RegistrationError>
    where
        F: FnMut() -> Polled + Send + 'static,
        Polled: Future<Output = Result<(), E>> + Send + 'static,
        E: fmt::Display + Send + 'static,
    {
        let metrics = PollMetrics::register_in(self.labelled("poll", name))?;
        let (of_task, name) = (metrics.clone(), name.to_owned());
        let mut back_off = 1;
        let task = runtime.spawn(async move {
            loop {
                let polled = catch_unwind(AssertUnwindSafe(&mut poll));
                let result = match polled {
                    Ok(polled) => poll_once(polled).await,
                    Err(_) => Err("the closure panicked".into()),
                };
                match result {
                    Ok(()) => {
                        of_task.polls_total.with(ResultLabel { result: PollResult::Ok }).inc();
                        of_task.poll_last_success_timestamp_seconds.set_to_current_time();
                        back_off = 1;
                    }
                    Err(error) => {
                        of_task.polls_total.with(ResultLabel { result: PollResult::Error }).inc();
                        log::warn!("the poll `{name}` failed: {error}");
                        back_off = (back_off * 2).min(MAX_BACK_OFF);
                    }
                }
                sleep(period.saturating_mul(back_off)).await;
            }
        });
        Ok(Poll { task: task.abort_handle(), _metrics: metrics })
    }
}

/// Polls in a task of its own, so that a panic is an error like others. The task ends with the future that waits for it.
async fn poll_once<E: fmt::Display + Send + 'static>(
    polled: impl Future<Output = Result<(), E>> + Send + 'static,
) -> Result<(), String> {
    let mut tasks = JoinSet::new();
    tasks.spawn(polled);
    match tasks.join_next().await {
        Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(error.to_string()),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("no poll was made".into()),
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Poll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poll").field("is_finished", &self.task.is_finished()).finish_non_exhaustive()
    }
}
