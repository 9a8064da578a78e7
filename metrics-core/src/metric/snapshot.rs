//! What histograms and summaries hold at one time.

use crate::model::Buckets;

/// What a histogram holds at one time.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HistogramSnapshot {
    /// The upper bounds, `+Inf` included, and how many observations are not above each.
    pub buckets: Vec<(f64, u64)>,
    /// How many observations there were.
    pub count: u64,
    /// The sum of the observations, in seconds for durations.
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

/// What a summary holds at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SummarySnapshot {
    /// How many observations there were.
    pub count: u64,
    /// The sum of the observations, in seconds for durations.
    pub sum: f64,
}
