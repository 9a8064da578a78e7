//! Summaries: the sum and the count of what was observed.

use std::time::Duration;

use super::{
    Histogram, HistogramChild, SummarySnapshot,
    quantiles::Values,
    storage::{
        Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Series, SeriesSet, SharedSet,
    },
};
use crate::model::Buckets;

/// Observations as their sum and count: cheaper than a [`Histogram`], and enough for rates and averages.
///
/// It has quantiles where they are asked for ([`Definition::quantiles`](crate::Definition::quantiles),
/// `#[metric(quantiles(0.5, 0.99), window = "10m")]`). They cannot be put together over processes; a histogram's can.
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
pub struct Summary {
    histogram: Histogram,
    #[cfg(feature = "enabled")]
    set: SharedSet,
}

/// One summary of a family.
#[derive(Clone, Copy, Debug)]
pub struct SummaryChild<'a> {
    histogram: HistogramChild<'a>,
    values: Values<'a>,
}

impl Summary {
    #[cfg(feature = "enabled")]
    #[inline]
    pub(super) fn child(&self) -> SummaryChild<'_> {
        let values = Values::of(self.set.cells(|_| 0), Some(&self.set));
        SummaryChild { histogram: self.histogram.child(), values }
    }

    #[cfg(not(feature = "enabled"))]
    pub(super) fn child(&self) -> SummaryChild<'_> {
        SummaryChild { histogram: self.histogram.child(), values: Values::none() }
    }

    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(&self, value: f64) {
        self.child().observe(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.child().observe_duration(duration);
    }

    /// The count and the sum.
    pub fn snapshot(&self) -> SummarySnapshot {
        self.child().snapshot()
    }

    /// The quantiles with their values, NaN while nothing was observed in the window; none where none were asked for.
    ///
    /// ```
    /// use metrics_core::{Definition, Registry, Summary};
    ///
    /// let definition = Definition::new("upload_bytes", "Size of uploads.").quantiles(&[0.5, 0.99]);
    /// let uploads: Summary = Registry::new().register(&definition)?;
    /// (1..=100).for_each(|size| uploads.observe(f64::from(size)));
    /// let [(_, median), _] = uploads.quantiles()[..] else { panic!("two quantiles") };
    /// assert!((median - 50.0).abs() <= 1.0);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn quantiles(&self) -> Vec<(f64, f64)> {
        self.child().quantiles()
    }

    /// How many observations there were.
    pub fn count(&self) -> u64 {
        self.histogram.count()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(&self) -> f64 {
        self.histogram.sum()
    }
}

impl SummaryChild<'_> {
    /// Observes a value, see [`Histogram::observe`].
    #[inline]
    pub fn observe(self, value: f64) {
        self.histogram.observe(value);
        self.values.observe(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(self, duration: Duration) {
        self.histogram.observe_duration(duration);
        self.values.observe(duration.as_secs_f64());
    }

    /// The count and the sum.
    pub fn snapshot(self) -> SummarySnapshot {
        SummarySnapshot { count: self.count(), sum: self.sum() }
    }

    /// The quantiles with their values, see [`Summary::quantiles`].
    pub fn quantiles(self) -> Vec<(f64, f64)> {
        self.values.quantiles()
    }

    /// How many observations there were.
    pub fn count(self) -> u64 {
        self.histogram.count()
    }

    /// The sum of the observations, in seconds for durations.
    pub fn sum(self) -> f64 {
        self.histogram.sum()
    }
}

impl Series for Summary {
    const KIND: MetricType = MetricType::Summary;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Summary(Buckets::unbounded(definition.takes_durations()).into()))
    }

    fn from_set(set: SharedSet) -> Self {
        Self {
            #[cfg(feature = "enabled")]
            set: SharedSet::clone(&set),
            histogram: Histogram::from_set(set),
        }
    }
}

impl Metric for Summary {
    type Child<'a> = SummaryChild<'a>;
    type Value = SummarySnapshot;

    #[inline]
    fn child(cells: Cells, layout: &Layout) -> Self::Child<'_> {
        let histogram = <Histogram as Metric>::child(cells, layout);
        SummaryChild { histogram, values: Values::of(cells, None) }
    }

    #[inline]
    fn child_of(cells: Cells, set: &SeriesSet) -> Self::Child<'_> {
        let histogram = <Histogram as Metric>::child(cells, set.layout());
        SummaryChild { histogram, values: Values::of(cells, Some(set)) }
    }

    #[cfg(not(feature = "enabled"))]
    fn none<'a>() -> Self::Child<'a> {
        SummaryChild { histogram: Histogram::none(), values: Values::none() }
    }

    fn value(layout: &Layout, words: &[u64]) -> SummarySnapshot {
        SummarySnapshot { count: Buckets::count(words), sum: layout.buckets().sum(words) }
    }
}
