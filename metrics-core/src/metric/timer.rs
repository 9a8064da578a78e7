//! Timing a piece of code.

use std::time::Duration;

use super::{Histogram, HistogramChild, Summary, SummaryChild};
use crate::clock::Stopwatch;

/// Times from its making to its drop, and observes the time in a histogram or a summary, see [`Histogram::start_timer`].
#[derive(Debug)]
#[must_use = "a timer that is dropped at once observes no time"]
pub struct HistogramTimer<'a> {
    of: Timed<'a>,
    watch: Stopwatch,
    /// Whether the time is observed when the timer is dropped.
    running: bool,
}

/// What observes the time.
#[derive(Clone, Copy, Debug)]
enum Timed<'a> {
    Histogram(HistogramChild<'a>),
    Summary(SummaryChild<'a>),
}

impl Timed<'_> {
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
        self.of.observe_duration(elapsed);
        self.running = false;
        elapsed.as_secs_f64()
    }

    /// Observes nothing, and returns the time in seconds.
    pub fn stop_and_discard(mut self) -> f64 {
        self.running = false;
        self.watch.elapsed().as_secs_f64()
    }
}

impl Drop for HistogramTimer<'_> {
    fn drop(&mut self) {
        if self.running {
            self.of.observe_duration(self.watch.elapsed());
        }
    }
}

impl<'a> HistogramChild<'a> {
    /// Times until the timer is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(self) -> HistogramTimer<'a> {
        HistogramTimer { of: Timed::Histogram(self), watch: Stopwatch::start(), running: true }
    }

    /// Runs a closure and observes its time, also when it panics.
    pub fn observe_closure<R>(self, work: impl FnOnce() -> R) -> R {
        let _timer = self.start_timer();
        work()
    }

    /// [`observe_closure`](Self::observe_closure), as the `prometheus` crate calls it.
    pub fn observe_closure_duration<R>(self, work: impl FnOnce() -> R) -> R {
        self.observe_closure(work)
    }
}

impl Histogram {
    /// Times until the timer is dropped, by an early return or a panic too.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Histogram = registry.register(&Definition::new("job_duration_seconds", "Time of a job."))?;
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
        self.child().start_timer()
    }

    /// Runs a closure and observes its time, also when it panics.
    ///
    /// ```
    /// # use metrics_core::{Definition, Histogram, Registry};
    /// # let jobs: Histogram = Registry::new().register(&Definition::new("job_duration_seconds", "Time of a job."))?;
    /// assert_eq!(jobs.observe_closure(|| 6 * 7), 42);
    /// assert_eq!(jobs.count(), 1);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn observe_closure<R>(&self, work: impl FnOnce() -> R) -> R {
        self.child().observe_closure(work)
    }

    /// [`observe_closure`](Self::observe_closure), as the `prometheus` crate calls it.
    pub fn observe_closure_duration<R>(&self, work: impl FnOnce() -> R) -> R {
        self.child().observe_closure(work)
    }
}

impl<'a> SummaryChild<'a> {
    /// Times until the timer is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(self) -> HistogramTimer<'a> {
        HistogramTimer { of: Timed::Summary(self), watch: Stopwatch::start(), running: true }
    }

    /// Runs a closure and observes its time, also when it panics.
    pub fn observe_closure<R>(self, work: impl FnOnce() -> R) -> R {
        let _timer = self.start_timer();
        work()
    }

    /// [`observe_closure`](Self::observe_closure), as the `prometheus` crate calls it.
    pub fn observe_closure_duration<R>(self, work: impl FnOnce() -> R) -> R {
        self.observe_closure(work)
    }
}

impl Summary {
    /// Times until the timer is dropped, see [`Histogram::start_timer`].
    pub fn start_timer(&self) -> HistogramTimer<'_> {
        self.child().start_timer()
    }

    /// Runs a closure and observes its time, also when it panics.
    pub fn observe_closure<R>(&self, work: impl FnOnce() -> R) -> R {
        self.child().observe_closure(work)
    }

    /// [`observe_closure`](Self::observe_closure), as the `prometheus` crate calls it.
    pub fn observe_closure_duration<R>(&self, work: impl FnOnce() -> R) -> R {
        self.child().observe_closure(work)
    }
}
