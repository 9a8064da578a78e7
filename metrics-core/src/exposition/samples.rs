//! The samples of our families in the text formats: what a page mostly consists of, and so what its speed depends on.
//!
//! A copy whose length is not known beforehand takes longer than its few bytes are worth, so a line has none where it can be:
//! the name with its brace is put together once a family, names, labels and counts are written in pieces of a known length that
//! are cut, and what the lines of a histogram have in common is copied in one piece from the line before.

use std::ops::Range;

use super::{page_writer::PageWriter, text::write_sample_name};
use crate::{
    encode::{
        PageBuffer, ROOM,
        number::{SHORT_COUNT, push_classic, push_count_line, push_integer, push_seconds, short_count_line},
    },
    model::{Buckets, Layout},
    series::SeriesSet,
};

/// What is used again from family to family.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) sums: Vec<u64>,
    lead: String,
}

impl Scratch {
    /// The name of a family's samples with the brace before the labels, beside the sums.
    fn lead(&mut self, name: &str, suffix: &str) -> (SamplePrefix<'_>, &mut Vec<u64>) {
        self.lead.clear();
        for part in [name, suffix, "{"] {
            self.lead.push_str(part);
        }
        (SamplePrefix::new(&self.lead), &mut self.sums)
    }
}

/// The length up to which a name is copied as if it were of a known one, and that of labels of a line with [`ROOM`].
const SHORT: usize = 32;
const SHORT_LABELS: usize = 160;
const _: () = assert!(SHORT + SHORT_LABELS + 2 + 8 <= ROOM);

/// The name of a sample and the brace after it.
#[derive(Clone, Copy)]
struct SamplePrefix<'a> {
    text: &'a str,
    /// The same with zeroes after it, where it is short.
    piece: [u8; SHORT],
}

impl<'a> SamplePrefix<'a> {
    fn new(text: &'a str) -> Self {
        let mut piece = [0; SHORT];
        for (byte, of_text) in piece.iter_mut().zip(text.bytes()) {
            *byte = of_text;
        }
        Self { text, piece }
    }

    /// Writes a line up to its value.
    #[inline]
    fn write(&self, out: &mut PageBuffer, labels: &str) {
        if labels.is_empty() {
            out.push_str(self.text.strip_suffix('{').unwrap_or(self.text));
            out.push(' ');
        } else {
            out.push_str(self.text);
            out.push_str(labels);
            out.push_str("} ");
        }
    }

    /// Writes a line with a count.
    #[inline]
    fn write_count(&self, out: &mut PageBuffer, labels: &str, count: u64) {
        if self.text.len() <= SHORT && (1..=SHORT_LABELS).contains(&labels.len()) && count <= SHORT_COUNT {
            out.push_line(|line| {
                line.push_piece(&self.piece, self.text.len());
                line.push_bytes(labels.as_bytes());
                line.push_piece(b"} ", 2);
                let (digits, length) = short_count_line(count);
                line.push_piece(&digits, length);
            });
        } else {
            self.write(out, labels);
            push_count_line(out, count);
        }
    }
}

/// Writes the samples of metrics that have one value.
pub(super) fn write_values(out: &mut PageWriter<'_>, name: &str, set: &SeriesSet, scratch: &mut Scratch) {
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
                lead.write_count(out, labels, word(sums));
            });
        }
    }
}

/// What a bucket's line has between its bound and its count, `le` included, where that is short.
#[derive(Clone, Copy, Debug)]
struct BucketEnd {
    piece: [u8; Self::MOST],
    length: usize,
}

impl BucketEnd {
    const MOST: usize = 16;

    fn new(le: &str) -> Option<Self> {
        let mut piece = [0; Self::MOST];
        let (bound, end) = piece.split_at_mut_checked(le.len())?;
        bound.copy_from_slice(le.as_bytes());
        end.get_mut(..3)?.copy_from_slice(b"\"} ");
        Some(Self { piece, length: le.len() + 3 })
    }
}

/// Up to this length what the lines of a histogram's buckets have in common is copied as if it were of a known one.
const SHORT_COMMON: usize = 128;
const _: () = assert!(SHORT_COMMON + BucketEnd::MOST + 8 <= ROOM);

/// A family's buckets, with the bounds as its lines have them.
pub(super) struct BucketLines<'a> {
    pub(super) buckets: &'a Buckets,
    le: &'a [Box<str>],
    /// As many, or none where one is long.
    ends: Vec<BucketEnd>,
}

impl<'a> BucketLines<'a> {
    /// As the text format has them.
    pub(super) fn classic(buckets: &'a Buckets) -> Self {
        Self::new(buckets, buckets.le())
    }

    /// As OpenMetrics has them.
    pub(super) fn canonical(buckets: &'a Buckets) -> Self {
        Self::new(buckets, buckets.canonical_le())
    }

    fn new(buckets: &'a Buckets, le: &'a [Box<str>]) -> Self {
        let ends: Option<_> = le.iter().map(|le| BucketEnd::new(le)).collect();
        Self { buckets, le, ends: ends.unwrap_or_default() }
    }

    /// Writes a bucket's line for each bound with its cumulative count, which it returns for the last.
    #[inline]
    pub(super) fn write(&self, out: &mut PageBuffer, name: &str, labels: &str, counts: &[u64]) -> u64 {
        let start = out.len();
        out.push_str(name);
        out.push_str("_bucket{");
        if !labels.is_empty() {
            out.push_str(labels);
            out.push(',');
        }
        out.push_str("le=\"");
        let common = start..out.len();
        match out.piece_from::<SHORT_COMMON>(start) {
            Some(piece) if common.len() <= SHORT_COMMON && self.ends.len() == counts.len() => {
                out.cut(start);
                self.write_short(out, &piece, common.len(), counts)
            }
            _ => self.write_any(out, common, counts),
        }
    }

    #[inline]
    fn write_short(
        &self,
        out: &mut PageBuffer,
        common: &[u8; SHORT_COMMON],
        length: usize,
        counts: &[u64],
    ) -> u64 {
        let mut count = 0_u64;
        let mut text = short_count_line(count);
        for (bucket, end) in counts.iter().zip(&self.ends) {
            // Many buckets are empty, and the count is then the one of the line before.
            if *bucket != 0 {
                count = count.wrapping_add(*bucket);
                text = short_count_line(count.min(SHORT_COUNT));
            }
            out.push_line(|line| {
                line.push_piece(common, length);
                line.push_piece(&end.piece, end.length);
                if count <= SHORT_COUNT {
                    line.push_piece(&text.0, text.1);
                }
            });
            if count > SHORT_COUNT {
                push_count_line(out, count);
            }
        }
        count
    }

    fn write_any(&self, out: &mut PageBuffer, common: Range<usize>, counts: &[u64]) -> u64 {
        let mut count = 0_u64;
        for (at, (bucket, le)) in counts.iter().zip(self.le).enumerate() {
            if at > 0 {
                out.repeat(common.clone());
            }
            count = count.wrapping_add(*bucket);
            out.push_str(le);
            out.push_str("\"} ");
            push_count_line(out, count);
        }
        count
    }
}

/// Writes the sum of a histogram or a summary.
pub(super) fn write_sum(out: &mut PageBuffer, name: &str, labels: &str, buckets: &Buckets, sums: &[u64]) {
    write_sample_name(out, name, "_sum", labels);
    match sums.get(Buckets::SUM) {
        Some(nanos) if buckets.takes_durations() => push_seconds(out, *nanos),
        _ => push_classic(out, buckets.sum(sums)),
    }
    out.push('\n');
}

/// Writes the count of a histogram or a summary.
pub(super) fn write_count(out: &mut PageBuffer, name: &str, labels: &str, count: u64) {
    write_sample_name(out, name, "_count", labels);
    push_count_line(out, count);
}
