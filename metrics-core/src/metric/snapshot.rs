//! Values of histograms and summaries at one time.

use crate::model::Buckets;

/// Value of a histogram at one time.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HistogramSnapshot {
    /// Upper bounds, `+Inf` included, each with the number of observations that are not above it.
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

/// Value of a summary at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SummarySnapshot {
    /// Number of observations.
    pub count: u64,
    /// Sum of the observations, in seconds for durations.
    pub sum: f64,
}
