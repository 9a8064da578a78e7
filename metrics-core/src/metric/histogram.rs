//! Histograms with classic buckets.

use std::{sync::Arc, time::Duration};

use super::{
    HistogramSnapshot, Metric,
    sealed::{Cells, Definition, Kind, Layout, Part, Rejection, Series, SharedSet},
};
use crate::{
    buckets::{Buckets, nanos_of, seconds},
    exemplar, native,
};

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
        HistogramChild::of(self.cells, &self.buckets)
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

    /// Observes a value, and keeps an exemplar with these labels in its bucket, in place of the one before; see
    /// [`Counter::inc_with`](super::Counter::inc_with).
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("job_duration_seconds", "Time that a job took.").buckets(&[0.1, 1.0]);
    /// let jobs: Histogram = registry.register(&definition)?;
    /// jobs.observe_with(0.25, [("trace_id", "4bf92f35")]);
    /// assert!(registry.open_metrics().contains(
    ///     "job_duration_seconds_bucket{le=\"1.0\"} 1 # {trace_id=\"4bf92f35\"} 0.25 "
    /// ));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn observe_with<K: AsRef<str>, V: AsRef<str>>(
        &self,
        value: f64,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        self.child().observe_with(value, exemplar);
    }

    /// Observes a duration, and keeps an exemplar with these labels, see [`observe_with`](Self::observe_with).
    pub fn observe_duration_with<K: AsRef<str>, V: AsRef<str>>(
        &self,
        duration: Duration,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        self.child().observe_duration_with(duration, exemplar);
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

impl<'a> HistogramChild<'a> {
    pub(crate) const fn of(cells: Cells, buckets: &'a Buckets) -> Self {
        Self { cells, buckets }
    }
}

impl HistogramChild<'_> {
    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(self, value: f64) {
        if self.buckets.takes_durations() && !value.is_nan() {
            return self.observe_nanos(nanos_of(value));
        }
        observe_float(self.cells, self.buckets, value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        self.observe_nanos(whole_nanos(duration));
    }

    /// Observes a value, and keeps an exemplar with these labels, see [`Histogram::observe_with`].
    pub fn observe_with<K: AsRef<str>, V: AsRef<str>>(
        self,
        value: f64,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        let nanos = (self.buckets.takes_durations() && !value.is_nan()).then(|| nanos_of(value));
        self.observe_quietly_with(nanos.map_or(value, seconds), nanos, exemplar);
    }

    /// Observes a duration, and keeps an exemplar with these labels, see [`Histogram::observe_with`].
    pub fn observe_duration_with<K: AsRef<str>, V: AsRef<str>>(
        self,
        duration: Duration,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        let nanos = whole_nanos(duration);
        self.observe_quietly_with(seconds(nanos), self.buckets.takes_durations().then_some(nanos), exemplar);
    }

    /// Observes without asking the source of exemplars; `nanos` where what is observed are durations.
    fn observe_quietly_with<K: AsRef<str>, V: AsRef<str>>(
        self,
        value: f64,
        nanos: Option<u64>,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        if let Some(finest) = self.buckets.native() {
            native::add(self.cells, finest, value);
        }
        let bucket = nanos.map_or_else(|| self.buckets.of(value), |nanos| self.buckets.of_nanos(nanos));
        self.cells.add(bucket, 1);
        match nanos {
            Some(nanos) => self.cells.add(self.buckets.sum_word(), nanos),
            None => add_to_sum(self.cells, self.buckets, value),
        }
        let place = if self.buckets.is_native_only() {
            native::exemplar_place(self.cells, value)
        } else {
            Some(self.cells.place(bucket))
        };
        if let Some(place) = place {
            exemplar::give(place, value, exemplar);
        }
    }

    /// Observes a duration in nanoseconds.
    #[allow(clippy::inline_always)] // otherwise the child goes through the stack
    #[inline(always)]
    pub(crate) fn observe_nanos(self, nanos: u64) {
        let (bucket, sum) = (self.buckets.quick_of_nanos(nanos), self.buckets.sum_word());
        if !self.cells.add_observation_if_near(bucket, sum, nanos) {
            observe_slowly(self.cells, self.buckets, nanos);
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

/// Observes a duration where its bucket is not found quickly, or its cells are not near.
#[inline(never)]
fn observe_slowly(cells: Cells, buckets: &Buckets, nanos: u64) {
    if buckets.takes_durations() {
        observe_native(cells, buckets, seconds(nanos));
        cells.add_observation(buckets.of_nanos(nanos), buckets.sum_word(), nanos);
    } else {
        observe_float(cells, buckets, seconds(nanos));
    }
}

/// Observes in a histogram whose sum is a float. Out of line, and without a reference to the child, which is in registers.
#[inline(never)]
fn observe_float(cells: Cells, buckets: &Buckets, value: f64) {
    observe_native(cells, buckets, value);
    cells.add_to_bucket(buckets.of(value), buckets.sum_word(), value);
    add_to_sum(cells, buckets, value);
}

/// Observes in the native buckets, where there are any. It comes before the classic ones: so a page that reads these first shows
/// no more there.
#[inline]
fn observe_native(cells: Cells, buckets: &Buckets, value: f64) {
    let Some(finest) = buckets.native() else { return };
    native::add(cells, finest, value);
    if buckets.is_native_only()
        && exemplar::is_watching()
        && let Some(place) = native::exemplar_place(cells, value)
    {
        exemplar::offer(place, value);
    }
}

/// Adds to a sum that is a float.
#[inline]
fn add_to_sum(cells: Cells, buckets: &Buckets, value: f64) {
    if !value.is_nan() {
        cells.add_f64(buckets.sum_word(), value);
    }
}

#[inline]
fn whole_nanos(duration: Duration) -> u64 {
    /// Their nanoseconds fit, and nobody waits for so many seconds.
    const MOST_SECONDS: u64 = 1 << 34;
    if duration.as_secs() < MOST_SECONDS {
        duration.as_secs() * 1_000_000_000 + u64::from(duration.subsec_nanos())
    } else {
        u64::MAX
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

impl Part for Histogram {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self { cells, buckets: set.layout().shared_buckets(), _set: set }
    }
}

impl Metric for Histogram {
    type Child<'a> = HistogramChild<'a>;
    type Value = HistogramSnapshot;

    #[inline]
    fn child(cells: Cells, layout: &Layout) -> Self::Child<'_> {
        HistogramChild::of(cells, layout.buckets())
    }

    fn value(layout: &Layout, words: &[u64]) -> HistogramSnapshot {
        HistogramSnapshot::new(layout.buckets(), words)
    }
}
