//! The samples of our families in the text formats: what a page mostly consists of, and so what its speed depends on.
//!
//! A copy whose length is not known beforehand takes longer than its few bytes are worth, so a line has as few of them as
//! possible: the name with its brace is put together once a family, and what the lines of a histogram have in common is copied
//! in one piece from the line before.

use super::{
    number::{push_classic, push_count, push_integer, push_seconds},
    stream::Out,
    text::write_sample_name,
};
use crate::{buckets::Buckets, family::SeriesSet, layout::Layout};

/// What is used again from family to family.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) sums: Vec<u64>,
    lead: String,
}

impl Scratch {
    /// The name of a family's samples with the brace before the labels, beside the sums.
    fn lead(&mut self, name: &str, suffix: &str) -> (Lead<'_>, &mut Vec<u64>) {
        self.lead.clear();
        for part in [name, suffix, "{"] {
            self.lead.push_str(part);
        }
        (Lead(&self.lead), &mut self.sums)
    }
}

/// The name of a sample and the brace after it.
#[derive(Clone, Copy)]
struct Lead<'a>(&'a str);

impl Lead<'_> {
    /// Writes a line up to its value.
    #[inline]
    fn write(self, out: &mut String, labels: &str) {
        if labels.is_empty() {
            out.push_str(self.0.strip_suffix('{').unwrap_or(self.0));
            out.push(' ');
        } else {
            out.push_str(self.0);
            out.push_str(labels);
            out.push_str("} ");
        }
    }
}

/// Writes the samples of metrics that have one value.
pub(super) fn write_values(out: &mut Out<'_, String>, name: &str, set: &SeriesSet, scratch: &mut Scratch) {
    let (lead, sums) = scratch.lead(name, "");
    let word = |sums: &[u64]| sums.first().copied().unwrap_or_default();
    match set.layout() {
        Layout::FloatCounter | Layout::FloatGauge | Layout::ReadCounter => {
            out.series(set, sums, |out, labels, sums| {
                lead.write(out, labels);
                push_classic(out, f64::from_bits(word(sums)));
                out.push('\n');
            });
        }
        Layout::Gauge => {
            out.series(set, sums, |out, labels, sums| {
                lead.write(out, labels);
                push_integer(out, word(sums).cast_signed());
                out.push('\n');
            });
        }
        _ => {
            out.series(set, sums, |out, labels, sums| {
                lead.write(out, labels);
                push_count(out, word(sums));
                out.push('\n');
            });
        }
    }
}

/// Writes a bucket's line for each bound with its cumulative count, which it returns for the last.
#[inline]
pub(super) fn write_buckets(
    out: &mut String,
    name: &str,
    labels: &str,
    le: &[Box<str>],
    counts: &[u64],
) -> u64 {
    let start = out.len();
    out.push_str(name);
    out.push_str("_bucket{");
    if !labels.is_empty() {
        out.push_str(labels);
        out.push(',');
    }
    out.push_str("le=\"");
    let common = start..out.len();
    let mut count = 0_u64;
    for (at, (bucket, le)) in counts.iter().zip(le).enumerate() {
        if at > 0 {
            out.extend_from_within(common.clone());
        }
        count = count.wrapping_add(*bucket);
        out.push_str(le);
        out.push_str("\"} ");
        push_count(out, count);
        out.push('\n');
    }
    count
}

/// Writes the sum of a histogram or a summary.
pub(super) fn write_sum(out: &mut String, name: &str, labels: &str, buckets: &Buckets, sums: &[u64]) {
    write_sample_name(out, name, "_sum", labels);
    match sums.last() {
        Some(nanos) if buckets.takes_durations() => push_seconds(out, *nanos),
        _ => push_classic(out, buckets.sum(sums)),
    }
    out.push('\n');
}

/// Writes the count of a histogram or a summary.
pub(super) fn write_count(out: &mut String, name: &str, labels: &str, count: u64) {
    write_sample_name(out, name, "_count", labels);
    push_count(out, count);
    out.push('\n');
}
