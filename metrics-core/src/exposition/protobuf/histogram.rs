//! Histograms: the classic buckets, and the native ones beside them.

use super::{
    super::exemplars::{Range, place_of_bucket},
    Scratch,
};
use crate::{
    cell::Cells,
    encode::{
        PageBuffer,
        wire::{
            DOUBLE, double, message_len, put_begin, put_double, put_message, put_number, put_signed,
            put_varint, short_begin, varint, varint_len, zigzag,
        },
    },
    model::Buckets,
    native::{self, Schema, Side, ZERO_THRESHOLD},
    series::SeriesRef,
};

/// The fields of a `Histogram`.
const BUCKET: u64 = 3;
const CREATED: u64 = 15;
const SCHEMA: u64 = 5;
const THRESHOLD: u64 = 6;
const ZEROS: u64 = 7;
/// The spans and the differences of negative values; of positive ones they are three further.
const SPANS: u64 = 9;
const EXEMPLARS: u64 = 16;

impl Scratch {
    /// Begins a value of observations.
    pub(super) fn begin_observations(&mut self, count: u64, sum: f64) {
        self.value.clear();
        put_number(&mut self.value, 1, count);
        put_double(&mut self.value, 2, sum);
    }

    /// Makes the message of a histogram.
    pub(super) fn make_histogram(&mut self, buckets: &Buckets, origin: SeriesRef, sums: &[u64]) {
        let counts = Buckets::counts(sums);
        match buckets.native() {
            None => {
                let count = Buckets::count(sums);
                self.begin_observations(count, buckets.sum(sums));
                self.make_buckets(buckets, origin.cells, counts, count);
            }
            Some(finest) => self.make_native(buckets, finest, origin.cells, sums, counts),
        }
        self.make_created(CREATED, origin);
    }

    /// A native histogram's count is that of its native buckets, as a reader checks; as these are written before the classic
    /// ones and read after them, it is not less than the classic buckets say.
    fn make_native(&mut self, buckets: &Buckets, finest: Schema, cells: Cells, sums: &[u64], counts: &[u64]) {
        self.native.read(cells, finest);
        let (count, has_nan) = (self.native.count(), self.native.nans > 0);
        // A sum that is a number says that all observations are in buckets.
        self.begin_observations(count, if has_nan { f64::NAN } else { buckets.sum(sums) });
        self.make_buckets(buckets, cells, counts, count);
        let Self { native, value, part, .. } = self;
        put_signed(value, SCHEMA, native.schema().into());
        put_double(value, THRESHOLD, ZERO_THRESHOLD);
        put_number(value, ZEROS, native.zeros);
        let [positive, negative] = native.sides();
        put_side(value, SPANS, negative, part);
        put_side(value, SPANS + 3, positive, part);
        if positive.buckets.is_empty() && negative.buckets.is_empty() {
            // A span of no length tells an empty native histogram from a classic one.
            put_message(value, SPANS + 3, &[]);
        }
        let classic =
            (0..counts.len()).map(|at| cells.place(Buckets::word(at))).take(buckets.bounds().len() + 1);
        let places = classic.chain(native::exemplar_places(cells));
        for place in places {
            if self.make_exemplar(place, Range::ANY) {
                put_message(&mut self.value, EXEMPLARS, self.exemplar.written());
            }
        }
    }

    /// Adds the classic buckets, the last of which is `+Inf` and holds all; of a histogram without others it is left out, but
    /// for an exemplar.
    fn make_buckets(&mut self, buckets: &Buckets, cells: Cells, counts: &[u64], all: u64) {
        let mut cumulative = 0_u64;
        for (at, (bucket, range)) in counts.iter().zip(Range::of(buckets.bounds())).enumerate() {
            cumulative = cumulative.wrapping_add(*bucket).min(all);
            let count = if range.upto == f64::INFINITY { all } else { cumulative };
            let has_exemplar = self.make_exemplar(place_of_bucket(buckets, cells, at), range);
            if buckets.is_native_only() && !has_exemplar {
                continue;
            }
            if has_exemplar {
                let exemplar = message_len(self.exemplar.len());
                put_begin(&mut self.value, BUCKET, 1 + varint_len(count) + DOUBLE + exemplar);
                put_number(&mut self.value, 1, count);
                put_double(&mut self.value, 2, range.upto);
                put_message(&mut self.value, 3, self.exemplar.written());
            } else {
                self.make_bucket(count, range.upto);
            }
        }
    }

    /// Adds a classic bucket without an exemplar.
    #[inline]
    pub(super) fn make_bucket(&mut self, count: u64, bound: f64) {
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

/// Puts the spans of a sign and the differences of their counts.
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
