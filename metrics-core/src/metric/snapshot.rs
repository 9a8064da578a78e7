//! Values of histograms and summaries at one time.

use crate::model::Buckets;

/// Value of a histogram at one time, of [`Histogram::snapshot`](super::HistogramHandle::snapshot).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HistogramSnapshot {
    /// Upper bounds, `+Inf` included, each with the number of observations up to it.
    pub buckets: Vec<(f64, u64)>,
    /// Number of observations.
    pub count: u64,
    /// Sum of the observations, in seconds for durations.
    pub sum: f64,
}

impl HistogramSnapshot {
    pub(super) fn new(buckets: &Buckets, words: &[u64]) -> Self {
        let bounds = buckets.bounds().iter().copied().chain([f64::INFINITY]);
        let cumulative = Buckets::counts(words).iter().scan(0_u64, |count, word| {
            *count = count.wrapping_add(*word);
            Some(*count)
        });
        Self {
            buckets: bounds.zip(cumulative).collect(),
            count: Buckets::count(words),
            sum: buckets.sum(words),
        }
    }
}

/// Value of a summary at one time, of [`Summary::snapshot`](super::SummaryHandle::snapshot).
///
/// ```
/// use metrics_core::{Definition, Registry, Summary};
///
/// let sizes: Summary = Registry::new().register(&Definition::new("mail_size_bytes", "Size of mails in bytes."))?;
/// sizes.observe(1000.0);
/// let snapshot = sizes.snapshot();
/// assert_eq!((snapshot.count, snapshot.sum), (1, 1000.0));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SummarySnapshot {
    /// Number of observations.
    pub count: u64,
    /// Sum of the observations, in seconds for durations.
    pub sum: f64,
}
