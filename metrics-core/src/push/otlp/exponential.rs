//! Exponential buckets from native ones.
//!
//! Bucket `i` of a native histogram ends at `base` to the power of `i`; bucket `i` of OpenTelemetry begins there, so numbers differ
//! by one. Empty buckets between others are sent.

use crate::push::messages::{
    client::{BucketSpan, Histogram},
    otlp::Buckets,
};

/// Largest number of buckets of a side; with more, pairs of buckets are merged.
const MAX_BUCKETS: i32 = 1024;

/// Scale and buckets of both signs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exponential {
    pub(super) scale: i32,
    pub(super) positive: Buckets,
    pub(super) negative: Buckets,
}

impl Exponential {
    pub(super) fn of(histogram: &Histogram) -> Self {
        let positive = counts(&histogram.positive_spans, &histogram.positive_deltas);
        let negative = counts(&histogram.negative_spans, &histogram.negative_deltas);
        let mut shift = 0;
        while [&positive, &negative].iter().any(|side| length(side, shift) > MAX_BUCKETS) {
            shift += 1;
        }
        Self {
            scale: histogram.schema.unwrap_or_default() - shift,
            positive: buckets(&positive, shift),
            negative: buckets(&negative, shift),
        }
    }
}

/// Returns the buckets with counts, by their number in OpenTelemetry.
fn counts(spans: &[BucketSpan], deltas: &[i64]) -> Vec<(i32, u64)> {
    let (mut index, mut count) = (0_i32, 0_i64);
    let mut deltas = deltas.iter();
    let mut counts = Vec::with_capacity(deltas.len());
    for span in spans {
        index = index.saturating_add(span.offset);
        for delta in deltas.by_ref().take(usize::try_from(span.length).unwrap_or(usize::MAX)) {
            count = count.saturating_add(*delta);
            counts.push((index.saturating_sub(1), u64::try_from(count).unwrap_or(0)));
            index = index.saturating_add(1);
        }
    }
    counts.retain(|(_, count)| *count > 0);
    counts
}

/// Returns the number of buckets from the first to the last at a scale that is lower by `shift`.
fn length(counts: &[(i32, u64)], shift: i32) -> i32 {
    let (Some((first, _)), Some((last, _))) = (counts.first(), counts.last()) else { return 0 };
    (last >> shift).saturating_sub(first >> shift).saturating_add(1)
}

fn buckets(counts: &[(i32, u64)], shift: i32) -> Buckets {
    let offset = counts.first().map_or(0, |(first, _)| first >> shift);
    let mut bucket_counts = vec![0_u64; usize::try_from(length(counts, shift)).unwrap_or(0)];
    for (index, count) in counts {
        let at = usize::try_from((index >> shift) - offset).unwrap_or(usize::MAX);
        if let Some(bucket) = bucket_counts.get_mut(at) {
            *bucket = bucket.saturating_add(*count);
        }
    }
    Buckets { offset, bucket_counts }
}

impl Buckets {
    /// Returns the buckets at a scale that is lower by `shift`.
    pub(super) fn at_lower_scale(&self, shift: i32) -> Self {
        let counts: Vec<_> = (self.offset..).zip(self.bucket_counts.iter().copied()).collect();
        buckets(&counts, shift)
    }

    /// Returns the growth since a former state at the same scale, or `None` if a count is less.
    pub(super) fn since(&self, former: &Self) -> Option<Self> {
        let mut growth = self.clone();
        for (index, count) in (former.offset..).zip(&former.bucket_counts).filter(|(_, count)| **count > 0) {
            let at = usize::try_from(index.checked_sub(self.offset)?).ok()?;
            let bucket = growth.bucket_counts.get_mut(at)?;
            *bucket = bucket.checked_sub(*count)?;
        }
        Some(growth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(offset: i32, length: u32) -> BucketSpan {
        BucketSpan { offset, length }
    }

    #[test]
    fn numbers_are_less_by_one_and_gaps_are_filled() {
        let histogram = Histogram {
            schema: Some(3),
            // Buckets 2, 3 and 6 with 1, 4 and 2.
            positive_spans: vec![span(2, 2), span(2, 1)],
            positive_deltas: vec![1, 3, -2],
            negative_spans: vec![span(-4, 1)],
            negative_deltas: vec![9],
            ..Histogram::default()
        };
        let expected = Exponential {
            scale: 3,
            positive: Buckets { offset: 1, bucket_counts: vec![1, 4, 0, 0, 2] },
            negative: Buckets { offset: -5, bucket_counts: vec![9] },
        };
        assert_eq!(Exponential::of(&histogram), expected);
    }

    #[test]
    fn distant_buckets_lower_the_scale() {
        let histogram = Histogram {
            schema: Some(8),
            positive_spans: vec![span(1, 1), span(2047, 1)],
            positive_deltas: vec![1, 0],
            ..Histogram::default()
        };
        let exponential = Exponential::of(&histogram);
        assert_eq!((exponential.scale, exponential.positive.offset), (6, 0));
        assert_eq!(exponential.positive.bucket_counts.len(), 513);
        assert_eq!(exponential.positive.bucket_counts.iter().sum::<u64>(), 2);
    }

    #[test]
    fn growth_is_of_each_bucket() {
        let former = Buckets { offset: 2, bucket_counts: vec![1, 0, 2] };
        let now = Buckets { offset: 1, bucket_counts: vec![3, 1, 0, 5] };
        assert_eq!(now.since(&former), Some(Buckets { offset: 1, bucket_counts: vec![3, 0, 0, 3] }));
        assert_eq!(former.since(&now), None);
        assert_eq!(now.at_lower_scale(1), Buckets { offset: 0, bucket_counts: vec![3, 1, 5] });
        assert_eq!(now.at_lower_scale(2), Buckets { offset: 0, bucket_counts: vec![4, 5] });
    }
}
