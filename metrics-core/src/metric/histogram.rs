//! Histograms with classic buckets.

use std::time::Duration;

use super::{
    Metric,
    sealed::{Definition, Layout, Rejection, Series, SharedSet, Slot},
};
use crate::{
    buckets::{Buckets, nanos_of, seconds},
    cell,
};

/// Observations in buckets, with their sum.
///
/// A histogram of durations (its name ends `_seconds`) keeps its sum in integer nanoseconds, exact however many threads add
/// to it; another keeps it in floating point. The count is the sum of the buckets, so that the two always agree.
///
/// ```
/// use std::time::Duration;
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
    slot: Slot,
    set: SharedSet,
}

/// One histogram of a family.
#[derive(Clone, Copy, Debug)]
pub struct HistogramChild<'a> {
    slot: Slot,
    buckets: Option<&'a Buckets>,
}

impl Histogram {
    #[inline]
    fn child(&self) -> HistogramChild<'_> {
        <Self as Metric>::child(self.slot, self.set.layout())
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
        let Some(buckets) = self.buckets else { return };
        if buckets.takes_durations() && !value.is_nan() {
            return self.observe_nanos(nanos_of(value));
        }
        cell::add(self.slot.plus(buckets.of(value)), 1);
        if !value.is_nan() {
            cell::add_f64(self.slot.plus(buckets.bounds().len() + 1), value);
        }
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        self.observe_nanos(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Observes a duration in nanoseconds.
    #[inline]
    pub(crate) fn observe_nanos(self, nanos: u64) {
        let Some(buckets) = self.buckets else { return };
        let bucket = self.slot.plus(buckets.of_nanos(nanos));
        let sum = self.slot.plus(buckets.bounds().len() + 1);
        if buckets.takes_durations() {
            cell::add_pair((bucket, 1), (sum, nanos));
        } else {
            cell::add(bucket, 1);
            cell::add_f64(sum, seconds(nanos));
        }
    }

    /// How many observations there were.
    pub fn count(self) -> u64 {
        let Some(buckets) = self.buckets else { return 0 };
        (0..=buckets.bounds().len()).map(|bucket| cell::sum(self.slot.plus(bucket))).sum()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(self) -> f64 {
        let Some(buckets) = self.buckets else { return 0.0 };
        let slot = self.slot.plus(buckets.bounds().len() + 1);
        if buckets.takes_durations() { seconds(cell::sum(slot)) } else { cell::sum_f64(slot) }
    }
}

impl Series for Histogram {
    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        Ok(Layout::Histogram(definition.histogram_buckets()?.into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self { slot: set.slot_at(0), set }
    }
}

impl Metric for Histogram {
    type Child<'a> = HistogramChild<'a>;

    #[inline]
    fn child(slot: Slot, layout: &Layout) -> Self::Child<'_> {
        let buckets = match layout {
            Layout::Histogram(buckets) => Some(&**buckets),
            _ => None,
        };
        HistogramChild { slot, buckets }
    }
}
