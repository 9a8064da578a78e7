//! Summaries: the sum and the count of what was observed.

use std::time::Duration;

use super::{
    Histogram, HistogramChild, Metric, SummarySnapshot,
    sealed::{Cells, Definition, Layout, Rejection, Series, SharedSet},
};
use crate::buckets::Buckets;

/// Observations as their sum and count: cheaper than a [`Histogram`], and enough for rates and averages.
///
/// It has no quantiles: they cannot be added up over instances, and a histogram gives better ones.
///
/// ```
/// use metrics_core::{Definition, Registry, Summary};
///
/// let registry = Registry::new();
/// let uploads: Summary = registry.register(&Definition::new("upload_bytes", "Size of uploads."))?;
/// uploads.observe(100.0);
/// uploads.observe(28.0);
/// assert_eq!(
///     registry.text(),
///     "# HELP upload_bytes Size of uploads.\n\
///      ## TYPE upload_bytes summary\n\
///      upload_bytes_sum 128\n\
///      upload_bytes_count 2\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Summary(Histogram);

/// One summary of a family.
#[derive(Clone, Copy, Debug)]
pub struct SummaryChild<'a>(HistogramChild<'a>);

impl Summary {
    #[inline]
    pub(super) fn child(&self) -> SummaryChild<'_> {
        SummaryChild(self.0.child())
    }

    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(&self, value: f64) {
        self.0.observe(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.0.observe_duration(duration);
    }

    /// The count and the sum.
    pub fn snapshot(&self) -> SummarySnapshot {
        self.child().snapshot()
    }

    /// How many observations there were.
    pub fn count(&self) -> u64 {
        self.0.count()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(&self) -> f64 {
        self.0.sum()
    }
}

impl<'a> SummaryChild<'a> {
    /// The histogram without buckets that a summary is.
    pub(super) const fn histogram(self) -> HistogramChild<'a> {
        self.0
    }

    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(self, value: f64) {
        self.0.observe(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        self.0.observe_duration(duration);
    }

    /// The count and the sum.
    pub fn snapshot(self) -> SummarySnapshot {
        SummarySnapshot { count: self.count(), sum: self.sum() }
    }

    /// How many observations there were.
    pub fn count(self) -> u64 {
        self.0.count()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(self) -> f64 {
        self.0.sum()
    }
}

impl Series for Summary {
    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        definition.refuse_buckets()?;
        Ok(Layout::Summary(Buckets::unbounded(definition.takes_durations()).into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self(Histogram::from_set(set))
    }
}

impl Metric for Summary {
    type Child<'a> = SummaryChild<'a>;
    type Value = SummarySnapshot;

    #[inline]
    fn child(cells: Cells, layout: &Layout) -> Self::Child<'_> {
        SummaryChild(<Histogram as Metric>::child(cells, layout))
    }

    #[cfg(not(feature = "enabled"))]
    fn none<'a>() -> Self::Child<'a> {
        SummaryChild(Histogram::none())
    }

    fn value(layout: &Layout, words: &[u64]) -> SummarySnapshot {
        SummarySnapshot { count: Buckets::count(words), sum: layout.buckets().sum(words) }
    }
}
