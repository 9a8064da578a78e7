//! Histograms.

use std::{marker::PhantomData, ops::Deref, time::Duration};

use super::{
    snapshot::HistogramSnapshot,
    storage::{Borrowed, DynamicMetric, Metric, StoredMetric},
};
use crate::{
    cell::{Cells, has_sampler},
    exemplar,
    model::{
        Buckets, Layout, MetricType,
        buckets::{nanos_of, quick_nanos_of, seconds},
    },
    name::InvalidDefinition,
    native,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// Observations in buckets, with their sum.
///
/// Its methods are those of [`HistogramHandle`], to which it dereferences. A histogram of durations (its name ends in
/// `_seconds`) keeps its sum in integer nanoseconds, which is exact for any number of threads; others keep it in floating
/// point. The count is the sum of the buckets, so the two always agree.
///
/// ```
/// use std::time::Duration;
///
/// use metrics_core::{Definition, Histogram, Registry};
///
/// let registry = Registry::new();
/// let definition = Definition::new("job_duration_seconds", "Duration of jobs.").buckets(&[0.1, 1.0]);
/// let jobs: Histogram = registry.register(&definition)?;
/// jobs.observe(0.25);
/// jobs.observe_duration(Duration::from_millis(50));
/// assert_eq!((jobs.count(), jobs.sum()), (2, 0.3));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Histogram(HistogramHandle<'static, SharedSet>);

/// A histogram of a family, returned by [`Family::with`](super::Family::with). It is small and `Copy`.
// Bucket layouts live for the whole program, so handles need no reference count.
#[derive(Clone, Copy, Debug)]
pub struct HistogramHandle<'a, S = Borrowed<'a>> {
    cells: Cells,
    buckets: &'static Buckets,
    _set: S,
    lifetime: PhantomData<&'a ()>,
}

impl<S> HistogramHandle<'_, S> {
    pub(super) const fn new(cells: Cells, buckets: &'static Buckets, set: S) -> Self {
        Self { cells, buckets, _set: set, lifetime: PhantomData }
    }

    #[inline]
    pub(super) const fn cells(&self) -> Cells {
        self.cells
    }

    #[inline]
    pub(super) const fn buckets(&self) -> &'static Buckets {
        self.buckets
    }

    /// Observes a value, in seconds in a histogram of durations, where a negative value counts as zero. NaN counts in the
    /// `+Inf` bucket and does not change the sum.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("upload_size_bytes", "Size of uploads.").buckets(&[1024.0, 4096.0]);
    /// let sizes: Histogram = registry.register(&definition)?;
    /// sizes.observe(2048.0);
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("upload_size_bytes_bucket{le=\"4096\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn observe(&self, value: f64) {
        if self.buckets.takes_durations()
            && let Some(nanos) = quick_nanos_of(value)
        {
            return record_nanos(self.cells, self.buckets, nanos);
        }
        observe_value(self.cells, self.buckets, value);
    }

    /// Observes a duration.
    ///
    /// ```
    /// use std::time::Duration;
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let waits: Histogram = registry.register(&Definition::new("wait_seconds", "Time in the queue."))?;
    /// waits.observe_duration(Duration::from_millis(250));
    /// # #[cfg(feature = "enabled")]
    /// assert_eq!((waits.count(), waits.sum()), (1, 0.25));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        match quick_nanos(duration) {
            Some(nanos) => record_nanos(self.cells, self.buckets, nanos),
            None => observe_long(self.cells, self.buckets, duration),
        }
    }

    /// Observes a value and records an exemplar with these labels, which replaces the one before in the same bucket; see
    /// [`CounterHandle::inc_with`](super::CounterHandle::inc_with).
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("job_duration_seconds", "Duration of jobs.").buckets(&[0.1, 1.0]);
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
        let nanos = (self.buckets.takes_durations() && !value.is_nan()).then(|| nanos_of(value));
        self.observe_unsampled(nanos.map_or(value, seconds), nanos, exemplar);
    }

    /// Observes a duration and records an exemplar with these labels, see [`observe_with`](Self::observe_with).
    pub fn observe_duration_with<K: AsRef<str>, V: AsRef<str>>(
        &self,
        duration: Duration,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        let nanos = whole_nanos(duration);
        self.observe_unsampled(seconds(nanos), self.buckets.takes_durations().then_some(nanos), exemplar);
    }

    /// Observes without asking the source of exemplars; `nanos` is the value in a histogram of durations.
    fn observe_unsampled<K: AsRef<str>, V: AsRef<str>>(
        &self,
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
            Some(nanos) => self.cells.add_nanos(Buckets::SUM, nanos),
            None => add_to_sum(self.cells, value),
        }
        let place = if self.buckets.is_native_only() {
            native::exemplar_slot(self.cells, value)
        } else {
            Some(self.cells.exemplar_slot(bucket))
        };
        if let Some(place) = place {
            exemplar::record(place, value, exemplar);
        }
    }

    /// Returns the buckets, the count and the sum, as on a page.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, Registry};
    ///
    /// let definition = Definition::new("job_duration_seconds", "Duration of jobs.").buckets(&[0.1, 1.0]);
    /// let jobs: Histogram = Registry::new().register(&definition)?;
    /// jobs.observe(0.25);
    /// let snapshot = jobs.snapshot();
    /// assert_eq!(snapshot.buckets, [(0.1, 0), (1.0, 1), (f64::INFINITY, 1)]);
    /// assert_eq!((snapshot.count, snapshot.sum), (1, 0.25));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn snapshot(&self) -> HistogramSnapshot {
        let words: Vec<u64> = [self.sum_word()].into_iter().chain(self.counts()).collect();
        HistogramSnapshot::new(self.buckets, &words)
    }

    /// Returns the number of observations.
    pub fn count(&self) -> u64 {
        self.counts().sum()
    }

    fn counts(&self) -> impl Iterator<Item = u64> {
        (0..self.buckets.len()).map(|bucket| self.cells.sum(Buckets::word(bucket)))
    }

    /// Returns the sum of the observations, in seconds for durations.
    pub fn sum(&self) -> f64 {
        self.buckets.sum(&[self.sum_word()])
    }

    fn sum_word(&self) -> u64 {
        if self.buckets.takes_durations() {
            self.cells.sum_nanos(Buckets::SUM)
        } else {
            self.cells.sum_f64(Buckets::SUM).to_bits()
        }
    }
}

/// Observes a duration in nanoseconds.
#[allow(clippy::inline_always)] // otherwise cells and buckets go through the stack
#[inline(always)]
pub(crate) fn record_nanos(cells: Cells, buckets: &'static Buckets, nanos: u64) {
    if !cells.add_observation_if_near(buckets.quick_of_nanos(nanos), nanos) {
        observe_slowly(cells, buckets, nanos);
    }
}

/// Observes a duration whose bucket is not in the table of magnitudes, or whose cells are not flat.
#[inline(never)]
fn observe_slowly(cells: Cells, buckets: &'static Buckets, nanos: u64) {
    if buckets.native().is_none() && cells.add_observation_in_chunk(buckets.quick_of_nanos(nanos), nanos) {
        return;
    }
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
fn observe_long(cells: Cells, buckets: &'static Buckets, duration: Duration) {
    observe_slowly(cells, buckets, whole_nanos(duration));
}

/// Observes in a histogram with a floating-point sum, or an unusual duration.
// Out of line and by value: a reference would force the handle from registers to the stack.
#[inline(never)]
fn observe_value(cells: Cells, buckets: &'static Buckets, value: f64) {
    let bucket = buckets.quick_of(value);
    if !cells.add_value_if_near(bucket, value) && !cells.add_value_in_chunk(bucket, value) {
        observe_any(cells, buckets, value);
    }
}

/// Observes in a histogram with a floating-point sum, or a duration that is negative, NaN or longer than 26 days.
#[inline(never)]
fn observe_any(cells: Cells, buckets: &'static Buckets, value: f64) {
    if buckets.takes_durations() && !value.is_nan() {
        return observe_slowly(cells, buckets, nanos_of(value));
    }
    observe_native(cells, buckets, value);
    cells.add_to_bucket(buckets.of(value), buckets.len(), value);
    add_to_sum(cells, value);
}

/// Observes in the native buckets of a histogram that has them.
// Before the classic buckets: a page reads those first, so its native buckets have every observation of the classic ones.
#[inline]
fn observe_native(cells: Cells, buckets: &'static Buckets, value: f64) {
    let Some(finest) = buckets.native() else { return };
    native::add(cells, finest, value);
    if buckets.is_native_only()
        && has_sampler()
        && let Some(place) = native::exemplar_slot(cells, value)
    {
        exemplar::sample(place, value);
    }
}

/// Adds to a floating-point sum.
#[inline]
fn add_to_sum(cells: Cells, value: f64) {
    if !value.is_nan() {
        cells.add_f64(Buckets::SUM, value);
    }
}

/// Returns the nanoseconds of a duration, at most `u64::MAX`.
fn whole_nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos().into())
}

/// Returns the nanoseconds of a duration of less than 272 years.
#[inline]
fn quick_nanos(duration: Duration) -> Option<u64> {
    let is_short = duration.as_secs() >> 33 == 0;
    is_short.then(|| duration.as_secs() * 1_000_000_000 + u64::from(duration.subsec_nanos()))
}

impl Deref for Histogram {
    type Target = HistogramHandle<'static, SharedSet>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Histogram {
    /// Returns a handle that borrows this histogram, as a family gives them.
    #[inline]
    pub const fn handle(&self) -> HistogramHandle<'_> {
        HistogramHandle::new(self.0.cells, self.0.buckets, PhantomData)
    }
}

impl StoredMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        Ok(Layout::Histogram(definition.histogram_buckets()?))
    }

    fn from_set(set: SharedSet) -> Self {
        let cells = set.cells(|_| 0);
        Self::of_series(set, cells)
    }
}

impl DynamicMetric for Histogram {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self(HistogramHandle::new(cells, set.layout().buckets(), set))
    }
}

impl Metric for Histogram {
    type Handle<'a> = HistogramHandle<'a>;
    type Value = HistogramSnapshot;

    #[inline]
    fn handle_of(cells: Cells, set: &SeriesSet) -> Self::Handle<'_> {
        HistogramHandle::new(cells, set.layout().buckets(), PhantomData)
    }

    fn value(layout: &Layout, words: &[u64]) -> HistogramSnapshot {
        HistogramSnapshot::new(layout.buckets(), words)
    }
}
