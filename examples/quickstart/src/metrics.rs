//! Metrics of this service beside its requests.

use metrics_core::{Counter, Family, Gauge, LabelSet, LabelValue, MetricGroup};

/// Metrics of the searches.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "quickstart")]
pub(crate) struct WorkMetrics {
    /// Searches for primes, by how far they went.
    searches_total: Family<SearchLabels, Counter>,
    /// Primes found in all searches.
    primes_found_total: Counter,
    /// The largest prime of the last search.
    last_prime: Gauge,
}

#[derive(Clone, Copy, Debug, LabelSet)]
struct SearchLabels {
    range: Range,
}

/// Scope of a search.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case")]
enum Range {
    /// Up to a thousand.
    Short,
    /// Up to a million.
    Medium,
    Long,
}

impl Range {
    const fn of(size: usize) -> Self {
        match size {
            0..=1_000 => Self::Short,
            1_001..=1_000_000 => Self::Medium,
            _ => Self::Long,
        }
    }
}

impl WorkMetrics {
    /// Records a search up to `size` that has found `primes`.
    pub(crate) fn searched(&self, size: usize, primes: &[usize]) {
        self.searches_total.with(SearchLabels { range: Range::of(size) }).inc();
        self.primes_found_total.inc_by(primes.len() as u64);
        if let Some(last) = primes.last() {
            self.last_prime.set(i64::try_from(*last).unwrap_or(i64::MAX));
        }
    }
}
