//! Lines of a histogram's buckets in the text formats.

use std::ops::Range;

use super::view::{BoundTexts, Bounds};
use crate::encode::{
    PageBuffer, ROOM,
    number::{SHORT_COUNT, count_line, push_count_line, push_integer},
};

/// End of a bucket's line from the value of `le` to the count, if it is short.
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

/// Length up to which the common beginning of a histogram's lines is copied with a constant length.
const SHORT_COMMON: usize = 128;
const _: () = assert!(SHORT_COMMON + BucketEnd::MOST + 16 <= ROOM);

/// Bounds of a histogram in the form of its lines.
pub(super) struct BucketLines<'f> {
    pub(super) bounds: Bounds<'f>,
    le: BoundTexts<'f>,
    /// Ends of all lines, or none if one of them is long.
    ends: Vec<BucketEnd>,
}

impl<'f> BucketLines<'f> {
    pub(super) fn new(bounds: Bounds<'f>, le: BoundTexts<'f>) -> Self {
        let ends: Option<_> = le.iter().map(|le| BucketEnd::new(le)).collect();
        Self { bounds, le, ends: ends.unwrap_or_default() }
    }

    /// Writes a line with the cumulative count of each bucket; returns the last count.
    #[inline]
    pub(super) fn write(&self, out: &mut PageBuffer, name: &str, labels: &str, counts: &[u64]) -> u64 {
        let start = out.len();
        write_common(out, name, labels);
        let common = start..out.len();
        match out.piece_from::<SHORT_COMMON>(start) {
            Some(piece) if common.len() <= SHORT_COMMON && self.ends.len() == counts.len() => {
                out.cut(start);
                self.write_short(out, &piece, common.len(), counts)
            }
            Some(_) | None => self.write_any(out, common, counts),
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
        let mut text = count_line(count);
        for (bucket, end) in counts.iter().zip(&self.ends) {
            // Many buckets are empty, and have the count of the line before.
            if *bucket != 0 {
                count = count.wrapping_add(*bucket);
                text = count_line(count.min(SHORT_COUNT));
            }
            out.push_line(|line| {
                line.push_piece(common, length);
                line.push_piece(&end.piece, end.length);
                if count <= SHORT_COUNT {
                    line.push_piece(&text.0.to_le_bytes(), text.1);
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
        for (at, (bucket, le)) in counts.iter().zip(&*self.le).enumerate() {
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

    /// Writes the same lines with an addition of `end` to the line of each bucket.
    pub(super) fn write_with(
        &self,
        out: &mut PageBuffer,
        name: &str,
        labels: &str,
        counts: &[u64],
        mut end: impl FnMut(&mut PageBuffer, usize),
    ) -> u64 {
        let mut count = 0_u64;
        for (bucket, (in_bucket, le)) in counts.iter().zip(&*self.le).enumerate() {
            count = count.wrapping_add(*in_bucket);
            write_common(out, name, labels);
            out.push_str(le);
            out.push_str("\"} ");
            push_integer(out, count);
            end(out, bucket);
            out.push('\n');
        }
        count
    }
}

/// Writes the common beginning of a series' lines.
#[inline]
fn write_common(out: &mut PageBuffer, name: &str, labels: &str) {
    out.push_str(name);
    out.push_str("_bucket{");
    if !labels.is_empty() {
        out.push_str(labels);
        out.push(',');
    }
    out.push_str("le=\"");
}
