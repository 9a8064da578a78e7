//! Timers: guards that observe the time until they are dropped.

use std::{ops::Deref, time::Duration};

use super::{
    histogram::{Histogram, HistogramHandle},
    storage::Borrowed,
    summary::{Summary, SummaryHandle},
};
use crate::{clock::Stopwatch, series::SeriesSet};

/// A timer that observes the time from its creation to its drop in a histogram or a summary; see [`Histogram::start_timer`].
///
/// ```
/// use metrics_core::{Definition, Histogram, Registry};
///
/// let definition = Definition::new("job_duration_seconds", "Duration of jobs in seconds.");
/// let jobs: Histogram = Registry::new().register(&definition)?;
/// let seconds = jobs.start_timer().stop_and_record();
/// assert!(seconds >= 0.0 && jobs.count() == 1);
/// jobs.start_timer().stop_and_discard();
/// assert_eq!(jobs.count(), 1);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug)]
#[must_use = "a timer that is dropped at once observes no time"]
pub struct HistogramTimer<'a> {
    metric: TimedMetric<'a>,
    watch: Stopwatch,
    /// The drop observes only a running timer.
    is_running: bool,
}

/// A metric that takes durations.
#[derive(Clone, Copy, Debug)]
enum TimedMetric<'a> {
    Histogram(HistogramHandle<'a>),
    Summary(SummaryHandle<'a>),
}

impl<'a> TimedMetric<'a> {
    fn start(self) -> HistogramTimer<'a> {
        HistogramTimer { metric: self, watch: Stopwatch::start(), is_running: true }
    }

    fn observe_duration(self, elapsed: Duration) {
        match self {
            Self::Histogram(histogram) => histogram.observe_duration(elapsed),
            Self::Summary(summary) => summary.observe_duration(elapsed),
        }
    }
}

impl HistogramTimer<'_> {
    /// Observes the time now, as a drop would.
    pub fn observe_duration(self) {
        self.stop_and_record();
    }

    /// Observes the time now and returns it in seconds.
    pub fn stop_and_record(mut self) -> f64 {
        let elapsed = self.watch.elapsed();
        self.metric.observe_duration(elapsed);
        self.is_running = false;
        elapsed.as_secs_f64()
    }

    /// Observes nothing and returns the time in seconds.
    pub fn stop_and_discard(mut self) -> f64 {
        self.is_running = false;
        self.watch.elapsed().as_secs_f64()
    }
}

impl Drop for HistogramTimer<'_> {
    fn drop(&mut self) {
        if self.is_running {
            self.metric.observe_duration(self.watch.elapsed());
        }
    }
}

/// Observes the time of a closure when it is dropped, so that a panic is timed too.
struct ClosureTimer<F: Fn(Duration)>(Stopwatch, F);

impl<F: Fn(Duration)> Drop for ClosureTimer<F> {
    fn drop(&mut self) {
        (self.1)(self.0.elapsed());
    }
}

fn time_closure<R>(observe: impl Fn(Duration), work: impl FnOnce() -> R) -> R {
    let _timer = ClosureTimer(Stopwatch::start(), observe);
    work()
}

impl<S> HistogramHandle<'_, S> {
    /// Runs a closure and observes its time, also when it panics.
    ///
    /// ```
    /// # use metrics_core::{Definition, Histogram, Registry};
    /// # let jobs: Histogram = Registry::new().register(&Definition::new("job_duration_seconds", "Duration of jobs."))?;
    /// assert_eq!(jobs.observe_closure(|| 6 * 7), 42);
    /// assert_eq!(jobs.count(), 1);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn observe_closure<R>(&self, work: impl FnOnce() -> R) -> R {
        time_closure(|elapsed| self.observe_duration(elapsed), work)
    }

    /// Calls [`observe_closure`](Self::observe_closure); the `prometheus` crate has this name.
    pub fn observe_closure_duration<R>(&self, work: impl FnOnce() -> R) -> R {
        self.observe_closure(work)
    }
}

impl<S: Deref<Target = SeriesSet>> SummaryHandle<'_, S> {
    /// Runs a closure and observes its time, also when it panics.
    pub fn observe_closure<R>(&self, work: impl FnOnce() -> R) -> R {
        time_closure(|elapsed| self.observe_duration(elapsed), work)
    }

    /// Calls [`observe_closure`](Self::observe_closure); the `prometheus` crate has this name.
    pub fn observe_closure_duration<R>(&self, work: impl FnOnce() -> R) -> R {
        self.observe_closure(work)
    }
}

// A timer outlives the expression that starts it, so it takes a borrowed handle by value: `family.with(labels).start_timer()`.
impl<'a> HistogramHandle<'a, Borrowed<'a>> {
    /// Starts a timer that observes when it is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(self) -> HistogramTimer<'a> {
        TimedMetric::Histogram(self).start()
    }
}

impl<'a> SummaryHandle<'a, &'a SeriesSet> {
    /// Starts a timer that observes when it is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(self) -> HistogramTimer<'a> {
        TimedMetric::Summary(self).start()
    }
}

impl Histogram {
    /// Starts a timer that observes when it is dropped, also by an early return or a panic.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Histogram = registry.register(&Definition::new("job_duration_seconds", "Duration of jobs."))?;
    /// {
    ///     let _timer = jobs.start_timer();
    ///     // the work
    /// }
    /// jobs.start_timer().stop_and_discard();
    /// assert_eq!(jobs.count(), 1);
    /// assert!(registry.text().contains("job_duration_seconds_count 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn start_timer(&self) -> HistogramTimer<'_> {
        self.handle().start_timer()
    }
}

impl Summary {
    /// Starts a timer that observes when it is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(&self) -> HistogramTimer<'_> {
        self.handle().start_timer()
    }
}
