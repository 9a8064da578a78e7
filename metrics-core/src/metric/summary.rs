//! Summaries: the sum and the count of observations, and quantiles of recent ones.

use std::{marker::PhantomData, ops::Deref, time::Duration};

use super::{
    histogram::{Histogram, HistogramHandle},
    snapshot::SummarySnapshot,
    storage::{Metric, StoredMetric},
};
use crate::{
    cell::Cells,
    model::{Buckets, Layout, MetricType, bucket_layouts},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// Observations as their sum and count: cheaper than a [`Histogram`], and enough for rates and averages.
///
/// Its methods are those of [`SummaryHandle`], to which it dereferences. It has quantiles where the definition names them
/// ([`Definition::quantiles`], `#[metric(quantiles(0.5, 0.99), window = "10m")]`). Quantiles of several processes cannot be
/// combined; histograms can.
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
pub struct Summary(SummaryHandle<'static, SharedSet>);

/// A summary of a family, as [`Family::with`](super::Family::with) returns it: small and `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct SummaryHandle<'a, S = &'a SeriesSet> {
    histogram: HistogramHandle<'a>,
    set: S,
}

impl<S: Deref<Target = SeriesSet>> SummaryHandle<'_, S> {
    /// Observes a value, see [`HistogramHandle::observe`].
    ///
    /// ```
    /// use metrics_core::{Definition, Registry, Summary};
    ///
    /// let registry = Registry::new();
    /// let sizes: Summary = registry.register(&Definition::new("batch_size_rows", "Rows of a batch."))?;
    /// sizes.observe(30.0);
    /// sizes.observe(50.0);
    /// # #[cfg(feature = "enabled")]
    /// assert_eq!((sizes.count(), sizes.sum()), (2, 80.0));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn observe(&self, value: f64) {
        self.histogram.observe(value);
        self.observe_in_window(value);
    }

    /// Observes a duration.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.histogram.observe_duration(duration);
        self.observe_in_window(duration.as_secs_f64());
    }

    #[inline]
    fn observe_in_window(&self, value: f64) {
        if let Some(windows) = self.set.windows() {
            windows.observe(self.histogram.cells(), value);
        }
    }

    /// Returns the count and the sum.
    pub fn snapshot(&self) -> SummarySnapshot {
        SummarySnapshot { count: self.count(), sum: self.sum() }
    }

    /// Returns the quantiles with their values, which are NaN while the window is empty; empty if the definition has no
    /// quantiles.
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
        self.set.quantiles(self.histogram.cells()).unwrap_or_default()
    }

    /// Returns the number of observations.
    pub fn count(&self) -> u64 {
        self.histogram.count()
    }

    /// Returns the sum of the observations, in seconds for durations.
    pub fn sum(&self) -> f64 {
        self.histogram.sum()
    }
}

impl Deref for Summary {
    type Target = SummaryHandle<'static, SharedSet>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Summary {
    /// Returns a handle that borrows this summary, as a family gives them.
    #[inline]
    pub fn handle(&self) -> SummaryHandle<'_> {
        SummaryHandle { histogram: self.0.histogram, set: &self.0.set }
    }
}

impl StoredMetric for Summary {
    const TYPE: MetricType = MetricType::Summary;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Summary(bucket_layouts::unbounded(definition.takes_durations())))
    }

    fn from_set(set: SharedSet) -> Self {
        let histogram = HistogramHandle::new(set.cells(|_| 0), set.layout().buckets(), PhantomData);
        Self(SummaryHandle { histogram, set })
    }
}

impl Metric for Summary {
    type Handle<'a> = SummaryHandle<'a>;
    type Value = SummarySnapshot;

    #[inline]
    fn handle_of(cells: Cells, set: &SeriesSet) -> Self::Handle<'_> {
        SummaryHandle { histogram: Histogram::handle_of(cells, set), set }
    }

    fn value(layout: &Layout, words: &[u64]) -> SummarySnapshot {
        SummarySnapshot { count: Buckets::count(words), sum: layout.buckets().sum(words) }
    }
}
