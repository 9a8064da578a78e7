//! Exemplars on a page: beside a counter's value and beside a bucket's.

use super::json::{push_labels, push_number};
use crate::{
    cell::{Cells, ExemplarSlot},
    encode::{
        PageBuffer,
        number::{push_classic, push_integer},
    },
    exemplar::{self, Record},
    model::Buckets,
    native,
};

/// Which values an observation in a bucket can have: above the bound before, up to its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) above: f64,
    pub(super) upto: f64,
}

impl Range {
    /// What a counter counts by.
    pub(super) const ANY: Self = Self { above: f64::NEG_INFINITY, upto: f64::INFINITY };

    /// The ranges of a histogram's buckets, `+Inf` included.
    pub(super) fn of(bounds: &[f64]) -> impl Iterator<Item = Self> {
        let uppers = bounds.iter().copied().chain([f64::INFINITY]);
        let lowers = [f64::NEG_INFINITY].into_iter().chain(bounds.iter().copied());
        lowers.zip(uppers).map(|(above, upto)| Self { above, upto })
    }

    fn contains(self, value: f64) -> bool {
        (value > self.above || self.above == f64::NEG_INFINITY) && value <= self.upto
    }
}

/// Where the exemplar of a histogram's bucket is. One without classic buckets shows its latest beside `+Inf`.
pub(super) fn place_of_bucket(buckets: &Buckets, cells: Cells, at: usize) -> ExemplarSlot {
    let latest = || native::latest_exemplar(cells);
    if buckets.is_native_only() { latest() } else { None }.unwrap_or(cells.place(Buckets::word(at)))
}

/// Shows the exemplar at a place, where there is one within the range.
pub(super) fn with<R>(place: ExemplarSlot, range: Range, show: impl FnOnce(&Record) -> R) -> Option<R> {
    exemplar::read(place, |record| range.contains(record.value).then(|| show(record)))?
}

/// Appends an exemplar to a sample in OpenMetrics.
pub(super) fn push_open_metrics(out: &mut PageBuffer, place: ExemplarSlot, range: Range) {
    with(place, range, |exemplar| {
        for part in [" # {", exemplar.labels(), "} "] {
            out.push_str(part);
        }
        push_classic(out, exemplar.value);
        out.push(' ');
        push_timestamp(out, exemplar.millis);
    });
}

/// Appends an exemplar as a member of an object in JSON.
pub(super) fn push_json(out: &mut PageBuffer, place: ExemplarSlot, range: Range) {
    with(place, range, |exemplar| {
        out.push_str(",\"exemplar\":{\"labels\":{");
        push_labels(out, [exemplar.labels(), ""]);
        out.push_str("},\"value\":");
        push_number(out, exemplar.value);
        out.push_str(",\"timestamp\":");
        push_timestamp(out, exemplar.millis);
        out.push('}');
    });
}

/// Appends milliseconds as seconds.
pub(super) fn push_timestamp(out: &mut PageBuffer, millis: u64) {
    push_integer(out, millis / 1000);
    let rest = millis % 1000;
    out.push('.');
    for digit in [rest / 100, rest / 10 % 10, rest % 10] {
        push_integer(out, digit);
    }
}
