//! Histograms with classic buckets.

use std::{sync::Arc, time::Duration};

use super::{
    HistogramSnapshot, Metric,
    sealed::{Cells, Definition, Kind, Layout, Rejection, Series, SharedSet},
};
use crate::buckets::{Buckets, nanos_of, seconds};

/// Observations in buckets, with their sum.
///
/// A histogram of durations (its name ends `_seconds`) keeps its sum in integer nanoseconds, exact however many threads add
/// to it; another keeps it in floating point. The count is the sum of the buckets, so that the two always agree.
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use metrics_core::{Definition, Histogram, Registry};
///
/// let registry = Registry::new();
/// let definition = Definition::new("job_duration_seconds", "Time that a job took.").buckets(&[0.1, 1.0]);
/// let jobs: Histogram = registry.register(&definition)?;
/// jobs.observe(0.25);
/// jobs.observe_duration(Duration::from_millis(50));
/// assert_eq!((jobs.count(), jobs.sum()), (2, 0.3));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Histogram {
    cells: Cells,
    buckets: Arc<Buckets>,
    _set: SharedSet,
}

/// One histogram of a family.
#[derive(Clone, Copy, Debug)]
pub struct HistogramChild<'a> {
    cells: Cells,
    buckets: &'a Buckets,
}

impl Histogram {
    #[inline]
    pub(super) fn child(&self) -> HistogramChild<'_> {
        HistogramChild { cells: self.cells, buckets: &self.buckets }
    }

    /// Observes a value; in a histogram of durations it is in seconds, and negative ones count as zero. A value that is not a
    /// number counts in the `+Inf` bucket alone.
    #[inline]
    pub fn observe(&self, value: f64) {
        self.child().observe(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.child().observe_duration(duration);
    }

    /// The buckets, the count and the sum, as a page would show them.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let definition = Definition::new("job_duration_seconds", "Time that a job took.").buckets(&[0.1, 1.0]);
    /// let jobs: Histogram = Registry::new().register(&definition)?;
    /// jobs.observe(0.25);
    /// let snapshot = jobs.snapshot();
    /// assert_eq!(snapshot.buckets, [(0.1, 0), (1.0, 1), (f64::INFINITY, 1)]);
    /// assert_eq!((snapshot.count, snapshot.sum), (1, 0.25));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn snapshot(&self) -> HistogramSnapshot {
        self.child().snapshot()
    }

    /// How many observations there were.
    pub fn count(&self) -> u64 {
        self.child().count()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(&self) -> f64 {
        self.child().sum()
    }
}

impl HistogramChild<'_> {
    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(self, value: f64) {
        if self.buckets.takes_durations() && !value.is_nan() {
            return self.observe_nanos(nanos_of(value));
        }
        self.observe_float(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        let whole = duration.as_secs().saturating_mul(1_000_000_000);
        self.observe_nanos(whole.saturating_add(u64::from(duration.subsec_nanos())));
    }

    /// Observes a duration in nanoseconds.
    #[inline]
    pub(crate) fn observe_nanos(self, nanos: u64) {
        match self.buckets.of_nanos(nanos) {
            Some(bucket) => self.cells.add_observation(bucket, self.buckets.sum_word(), nanos),
            None => self.observe_float(seconds(nanos)),
        }
    }

    /// Observes in a histogram whose sum is a float.
    #[inline(never)]
    fn observe_float(self, value: f64) {
        self.cells.add(self.buckets.of(value), 1);
        if !value.is_nan() {
            self.cells.add_f64(self.buckets.sum_word(), value);
        }
    }

    /// The buckets, the count and the sum, see [`Histogram::snapshot`].
    pub fn snapshot(self) -> HistogramSnapshot {
        HistogramSnapshot::new(self.buckets, &self.words())
    }

    /// The sums of the series' words.
    pub(super) fn words(self) -> Vec<u64> {
        let sum = self.buckets.sum_word();
        let last = if self.buckets.takes_durations() {
            self.cells.sum(sum)
        } else {
            self.cells.sum_f64(sum).to_bits()
        };
        (0..sum).map(|bucket| self.cells.sum(bucket)).chain([last]).collect()
    }

    /// How many observations there were.
    pub fn count(self) -> u64 {
        (0..self.buckets.sum_word()).map(|bucket| self.cells.sum(bucket)).sum()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(self) -> f64 {
        let sum = self.buckets.sum_word();
        if self.buckets.takes_durations() { seconds(self.cells.sum(sum)) } else { self.cells.sum_f64(sum) }
    }
}

impl Series for Histogram {
    const KIND: Kind = Kind::Histogram;

    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        Ok(Layout::Histogram(definition.histogram_buckets()?.into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self { cells: set.cells(|_| 0), buckets: set.layout().shared_buckets(), _set: set }
    }
}

impl Metric for Histogram {
    type Child<'a> = HistogramChild<'a>;
    type Value = HistogramSnapshot;

    #[inline]
    fn child(cells: Cells, layout: &Layout) -> Self::Child<'_> {
        HistogramChild { cells, buckets: layout.buckets() }
    }

    fn value(layout: &Layout, words: &[u64]) -> HistogramSnapshot {
        HistogramSnapshot::new(layout.buckets(), words)
    }
}
