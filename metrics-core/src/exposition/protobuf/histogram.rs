//! Histograms with classic and native buckets.

use super::MessageBuffers;
use crate::{
    encode::{
        PageBuffer,
        wire::{
            DOUBLE, double, message_len, put_begin, put_double, put_message, put_number, put_signed,
            put_varint, short_begin, varint, varint_len, zigzag,
        },
    },
    exposition::view::{HistogramView, NativeView, SeriesView},
    native::{Side, ZERO_THRESHOLD},
};

/// Fields of a `Histogram`.
const BUCKET: u64 = 3;
const CREATED: u64 = 15;
const SCHEMA: u64 = 5;
const THRESHOLD: u64 = 6;
const ZEROS: u64 = 7;
/// Fields of the spans and differences of negative values; those of positive values follow by three.
const SPANS: u64 = 9;
const EXEMPLARS: u64 = 16;

impl MessageBuffers {
    /// Begins the message of a histogram or a summary.
    pub(super) fn begin_observations(&mut self, count: u64, sum: f64) {
        self.value.clear();
        put_number(&mut self.value, 1, count);
        put_double(&mut self.value, 2, sum);
    }

    /// Builds the message of a histogram.
    pub(super) fn make_histogram(&mut self, series: &SeriesView<'_, '_>, histogram: HistogramView<'_, '_>) {
        match histogram.native {
            None => {
                let count = histogram.counts.iter().copied().fold(0, u64::wrapping_add);
                self.begin_observations(count, histogram.sum.as_f64());
                self.make_buckets(series, histogram, count);
            }
            Some(native) => self.make_native(series, histogram, native),
        }
        self.make_created(CREATED, series);
    }

    /// Builds the native part. Its count is that of the native buckets, which readers check. As they are counted before the classic
    /// buckets and read after them, it is not less than the count of the classic buckets.
    fn make_native(
        &mut self,
        series: &SeriesView<'_, '_>,
        histogram: HistogramView<'_, '_>,
        native: NativeView,
    ) {
        native.read(&mut self.native);
        let (count, has_nan) = (self.native.count(), self.native.nans > 0);
        // A finite sum implies that all observations are in buckets.
        self.begin_observations(count, if has_nan { f64::NAN } else { histogram.sum.as_f64() });
        self.make_buckets(series, histogram, count);
        let Self { native, value, spans, exemplar, .. } = self;
        put_signed(value, SCHEMA, native.schema().into());
        put_double(value, THRESHOLD, ZERO_THRESHOLD);
        put_number(value, ZEROS, native.zeros);
        let [positive, negative] = native.sides();
        put_side(value, SPANS, negative, spans);
        put_side(value, SPANS + 3, positive, spans);
        if positive.buckets.is_empty() && negative.buckets.is_empty() {
            // An empty span tells an empty native histogram from a classic one.
            put_message(value, SPANS + 3, &[]);
        }
        if self.has_exemplars {
            series.for_each_native_exemplar(|record| put_message(value, EXEMPLARS, exemplar.encode(record)));
        }
    }

    /// Adds the classic buckets, the last of which is `+Inf`. A histogram with native buckets only has `+Inf` only for an exemplar.
    fn make_buckets(&mut self, series: &SeriesView<'_, '_>, histogram: HistogramView<'_, '_>, all: u64) {
        let HistogramView { bounds, counts, .. } = histogram;
        let mut cumulative = 0_u64;
        for (bucket, in_bucket) in counts.iter().enumerate() {
            cumulative = cumulative.wrapping_add(*in_bucket).min(all);
            let upper = bounds.upper(bucket);
            let count = if upper == f64::INFINITY { all } else { cumulative };
            let has_exemplar =
                self.has_exemplars && self.make_exemplar_bucket(series, histogram, bucket, count);
            if !has_exemplar && !bounds.is_native_only() {
                self.make_bucket(count, upper);
            }
        }
    }

    /// Adds a classic bucket with its exemplar, if it has one.
    fn make_exemplar_bucket(
        &mut self,
        series: &SeriesView<'_, '_>,
        histogram: HistogramView<'_, '_>,
        bucket: usize,
        count: u64,
    ) -> bool {
        let Self { value, exemplar, .. } = self;
        let shown = series.show_bucket_exemplar(histogram.bounds, bucket, |record| {
            let exemplar = exemplar.encode(record);
            put_begin(value, BUCKET, 1 + varint_len(count) + DOUBLE + message_len(exemplar.len()));
            put_number(value, 1, count);
            put_double(value, 2, histogram.bounds.upper(bucket));
            put_message(value, 3, exemplar);
        });
        shown.is_some()
    }

    /// Adds a classic bucket without an exemplar.
    #[inline]
    fn make_bucket(&mut self, count: u64, bound: f64) {
        self.value.push_line(|line| {
            let (count, length) = varint(count);
            let (begin, begin_length) = short_begin(BUCKET, 1 + length + DOUBLE);
            line.push_piece(&begin, begin_length);
            line.push_piece(&[1 << 3], 1);
            line.push_piece(&count, length);
            line.push_piece(&double(2, bound), DOUBLE);
        });
    }
}

/// Writes the spans of a sign and the differences of their counts.
fn put_side(value: &mut PageBuffer, field: u64, side: &Side, scratch: &mut PageBuffer) {
    scratch.clear();
    side.spans(
        |distance, length| {
            let distance = zigzag(distance.into());
            put_begin(value, field, 2 + varint_len(distance) + varint_len(length.into()));
            put_number(value, 1, distance);
            put_number(value, 2, length.into());
        },
        |delta| put_varint(scratch, zigzag(delta)),
    );
    if !scratch.written().is_empty() {
        put_message(value, field + 1, scratch.written());
    }
}
