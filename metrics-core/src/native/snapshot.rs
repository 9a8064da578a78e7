//! Snapshot of a histogram's native part.

use super::{
    bucket_range::BucketRange,
    index::{INFINITE, INFINITIES, NAN, ZERO},
    record::{BUCKETS, FIXED, with_parts},
    schema::{Schema, WINDOW},
};
use crate::cell::{CellReader, Cells};

/// Values of a histogram's native part at one time. Its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    number: i32,
    schema: Option<Schema>,
    pub(crate) zeros: u64,
    /// Number of observations of NaN.
    pub(crate) nans: u64,
    infinities: [u64; 2],
    sides: [Side; 2],
    scratch: Vec<u64>,
    cells: CellReader,
}

/// Buckets of one sign.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// Number of the first bucket.
    first: i32,
    counts: Vec<u64>,
    /// Returns the numbers and counts of the buckets that are not empty.
    pub(crate) buckets: Vec<(i32, u64)>,
}

impl Snapshot {
    /// Reads a histogram's native part; one without observations is empty and has the initial resolution.
    pub(crate) fn read(&mut self, series: Cells, finest: Schema) {
        self.zeros = 0;
        self.nans = 0;
        self.infinities = [0; 2];
        self.schema = None;
        for side in &mut self.sides {
            side.counts.clear();
            side.buckets.clear();
        }
        self.read_parts(series);
        let schema = self.schema.unwrap_or(finest);
        self.number = schema.schema();
        for (side, infinite) in self.sides.iter_mut().zip(self.infinities) {
            let numbered = (side.first..).zip(side.counts.iter().copied());
            side.buckets.extend(numbered.filter(|(_, count)| *count > 0));
            side.buckets.extend((infinite > 0).then(|| (schema.of_index(INFINITE), infinite)));
        }
    }

    /// Adds the sums of a histogram's native part, if it has one.
    fn read_parts(&mut self, series: Cells) {
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut cells = std::mem::take(&mut self.cells);
        with_parts(series, |fixed, windows| {
            scratch.clear();
            scratch.resize(FIXED.width, 0);
            cells.sum_cells(fixed, FIXED, &mut scratch);
            self.begin(&scratch, windows.iter().filter_map(|side| side.last()).map(|(last, _)| *last));
            for (side, windows) in windows.iter().enumerate() {
                for (window, slots) in windows {
                    scratch.clear();
                    scratch.resize(WINDOW, 0);
                    cells.sum_cells(slots.cells(), BUCKETS, &mut scratch);
                    self.add(side, *window, &scratch);
                }
            }
        });
        (self.scratch, self.cells) = (scratch, cells);
    }

    /// Takes the fixed cells, and makes room for the last windows of both signs.
    fn begin(&mut self, fixed: &[u64], last: impl Iterator<Item = BucketRange>) {
        let word = |at: usize| fixed.get(at).copied().unwrap_or_default();
        (self.zeros, self.nans, self.infinities) = (word(ZERO), word(NAN), INFINITIES.map(word));
        self.schema = last.map(|window| window.schema).max();
    }

    /// Adds the counts of a window.
    fn add(&mut self, sign: usize, window: BucketRange, counts: &[u64]) {
        let (Some(schema), Some(side)) = (self.schema, self.sides.get_mut(sign)) else { return };
        let (first, last) = window.ends(schema);
        side.make_room(first, last);
        for (index, count) in (window.first..).zip(counts) {
            let at = usize::try_from(window.schema.lower(index, schema) - side.first);
            if let Some(sum) = at.ok().and_then(|at| side.counts.get_mut(at)) {
                *sum = sum.wrapping_add(*count);
            }
        }
    }

    /// Returns the resolution.
    pub(crate) const fn schema(&self) -> i32 {
        self.number
    }

    /// Returns the buckets above zero and those below zero.
    pub(crate) const fn sides(&self) -> &[Side; 2] {
        &self.sides
    }

    /// Returns the number of observations.
    pub(crate) fn count(&self) -> u64 {
        let buckets = self.sides.iter().flat_map(|side| side.buckets.iter().map(|(_, count)| *count));
        buckets.chain([self.zeros, self.nans]).fold(0, u64::wrapping_add)
    }
}

impl Side {
    /// Makes room for the buckets from the first to the last.
    fn make_room(&mut self, first: i32, last: i32) {
        if self.counts.is_empty() {
            self.first = first;
        } else if first < self.first {
            let more = usize::try_from(self.first - first).unwrap_or(0);
            self.counts.splice(..0, std::iter::repeat_n(0, more));
            self.first = first;
        }
        let length = usize::try_from(last - self.first + 1).unwrap_or(0);
        if length > self.counts.len() {
            self.counts.resize(length, 0);
        }
    }

    /// Passes on the buckets in the form of the protobuf format: `span` gets the distance and the length of each run of neighbouring
    /// buckets, `delta` the difference of each count from the one before.
    ///
    /// A run may include one or two empty buckets, which take less room than another span.
    pub(crate) fn spans(&self, mut span: impl FnMut(i32, u32), mut delta: impl FnMut(i64)) {
        let mut before = 0_i64;
        let mut differ = |count: u64| {
            let count = count.cast_signed();
            delta(count.wrapping_sub(before));
            before = count;
        };
        let mut open: Option<(i32, u32)> = None;
        let mut next = 0;
        for (index, count) in &self.buckets {
            let gap = *index - next;
            match &mut open {
                Some((_, length)) if gap <= 2 => {
                    for _ in 0..gap {
                        differ(0);
                        *length += 1;
                    }
                    *length += 1;
                }
                _ => {
                    if let Some((distance, length)) = open.replace((gap, 1)) {
                        span(distance, length);
                    }
                }
            }
            differ(*count);
            next = *index + 1;
        }
        if let Some((distance, length)) = open {
            span(distance, length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(buckets: &[(i32, u64)]) -> (Vec<(i32, u32)>, Vec<i64>) {
        let side = Side { buckets: buckets.to_vec(), ..Side::default() };
        let (mut spans, mut deltas) = (Vec::new(), Vec::new());
        side.spans(|distance, length| spans.push((distance, length)), |delta| deltas.push(delta));
        (spans, deltas)
    }

    #[test]
    fn neighbouring_buckets_are_a_span() {
        assert_eq!(spans(&[]), (vec![], vec![]));
        assert_eq!(spans(&[(-3, 5)]), (vec![(-3, 1)], vec![5]));
        assert_eq!(spans(&[(2, 5), (3, 1), (4, 1)]), (vec![(2, 3)], vec![5, -4, 0]));
        assert_eq!(spans(&[(0, 1), (3, 2)]), (vec![(0, 4)], vec![1, -1, 0, 2]));
        assert_eq!(spans(&[(-4, 1), (0, 2)]), (vec![(-4, 1), (3, 1)], vec![1, 1]));
    }
}
