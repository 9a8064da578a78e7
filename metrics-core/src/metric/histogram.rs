//! Histograms with classic buckets.

use std::{sync::Arc, time::Duration};

use super::{
    Counter, Gauge, HistogramSnapshot,
    storage::{Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Part, Series, SharedSet},
};
use crate::{
    cell::has_sampler,
    exemplar,
    model::buckets::{Buckets, nanos_of, quick_nanos_of, seconds},
    native,
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
        if self.buckets.takes_durations()
            && let Some(nanos) = quick_nanos_of(value)
        {
            return self.observe_nanos(nanos);
        }
        observe_any(self.cells, self.buckets, value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        match quick_nanos(duration) {
            Some(nanos) => self.observe_nanos(nanos),
            None => observe_long(self.cells, self.buckets, duration),
        }
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
            Some(nanos) => self.cells.add(Buckets::SUM, nanos),
            None => add_to_sum(self.cells, value),
        }
        let place = if self.buckets.is_native_only() {
            native::exemplar_place(self.cells, value)
        } else {
            Some(self.cells.place(bucket))
        };
        if let Some(place) = place {
            exemplar::record(place, value, exemplar);
        }
    }

    /// Observes a duration in nanoseconds.
    #[allow(clippy::inline_always)] // otherwise the child goes through the stack
    #[inline(always)]
    pub(crate) fn observe_nanos(self, nanos: u64) {
        if !self.cells.add_observation_if_near(self.buckets.quick_of_nanos(nanos), nanos) {
            observe_slowly(self.cells, self.buckets, nanos);
        }
    }

    /// Observes the duration of a request that leaves a gauge and counts, see [`finish_request`](super::finish_request).
    #[inline]
    pub(super) fn finish_request(self, in_progress: &Gauge, requests: &Counter, nanos: u64) -> bool {
        let bucket = self.buckets.quick_of_nanos(nanos);
        Cells::add_request(in_progress.cells(), self.cells, requests.cells(), bucket, nanos)
    }

    /// The buckets, the count and the sum, see [`Histogram::snapshot`].
    pub fn snapshot(self) -> HistogramSnapshot {
        HistogramSnapshot::new(self.buckets, &self.words())
    }

    /// The sums of the series' words.
    pub(super) fn words(self) -> Vec<u64> {
        let sum = if self.buckets.takes_durations() {
            self.cells.sum(Buckets::SUM)
        } else {
            self.cells.sum_f64(Buckets::SUM).to_bits()
        };
        [sum].into_iter().chain(self.counts()).collect()
    }

    /// How many observations there were.
    pub fn count(self) -> u64 {
        self.counts().sum()
    }

    fn counts(self) -> impl Iterator<Item = u64> {
        (0..self.buckets.len()).map(move |bucket| self.cells.sum(Buckets::word(bucket)))
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(self) -> f64 {
        let cells = self.cells;
        if self.buckets.takes_durations() {
            seconds(cells.sum(Buckets::SUM))
        } else {
            cells.sum_f64(Buckets::SUM)
        }
    }
}

/// Observes a duration where its bucket is not found quickly, or its cells are not near.
#[inline(never)]
fn observe_slowly(cells: Cells, buckets: &Buckets, nanos: u64) {
    if buckets.takes_durations() {
        observe_native(cells, buckets, seconds(nanos));
        cells.add_observation(buckets.of_nanos(nanos), buckets.len(), nanos);
    } else {
        observe_any(cells, buckets, seconds(nanos));
    }
}

/// Observes a duration of 272 years and more.
#[cold]
#[inline(never)]
fn observe_long(cells: Cells, buckets: &Buckets, duration: Duration) {
    observe_slowly(cells, buckets, whole_nanos(duration));
}

/// Observes in a histogram whose sum is a float, or what is no usual duration. Out of line, and without a reference to the child,
/// which is in registers.
#[inline(never)]
fn observe_any(cells: Cells, buckets: &Buckets, value: f64) {
    if buckets.takes_durations() && !value.is_nan() {
        return observe_slowly(cells, buckets, nanos_of(value));
    }
    observe_native(cells, buckets, value);
    cells.add_to_bucket(buckets.of(value), buckets.len(), value);
    add_to_sum(cells, value);
}

/// Observes in the native buckets, where there are any. It comes before the classic ones: so a page that reads these first shows
/// no more there.
#[inline]
fn observe_native(cells: Cells, buckets: &Buckets, value: f64) {
    let Some(finest) = buckets.native() else { return };
    native::add(cells, finest, value);
    if buckets.is_native_only()
        && has_sampler()
        && let Some(place) = native::exemplar_place(cells, value)
    {
        exemplar::sample(place, value);
    }
}

/// Adds to a sum that is a float.
#[inline]
fn add_to_sum(cells: Cells, value: f64) {
    if !value.is_nan() {
        cells.add_f64(Buckets::SUM, value);
    }
}

/// The nanoseconds of a duration, at most `u64::MAX`.
fn whole_nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos().into())
}

/// The same where it is less than 272 years.
#[inline]
fn quick_nanos(duration: Duration) -> Option<u64> {
    let is_short = duration.as_secs() >> 33 == 0;
    is_short.then(|| duration.as_secs() * 1_000_000_000 + u64::from(duration.subsec_nanos()))
}

impl Series for Histogram {
    const KIND: MetricType = MetricType::Histogram;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
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
