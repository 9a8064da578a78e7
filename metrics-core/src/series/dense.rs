//! Storage for label sets that are finite: every series has its slots and its text from the start.

use std::{collections::BTreeMap, ops::ControlFlow, sync::PoisonError};

use super::{cleared_slots, encoded::Encoded, label_texts::LabelTexts, series_ref::SeriesRef};
use crate::{
    cell::{CellReader, Cells, SeriesShape, Slot, Slots, sum_few},
    clock::unix_millis,
    sync::{Mutex, MutexGuard, OnceBox},
};

/// Number of slots that are read at a time: the sums stay in the nearest cache.
const BATCH: usize = 2048;

/// Number of slots that are read without a reader of their own.
const FEW: usize = 64;

#[derive(Debug)]
pub(super) struct Dense {
    slots: Slots,
    shape: SeriesShape,
    blocks: LabelTexts,
    /// The positions that were removed, with the time of it: they are left out while they are zero.
    removed: Mutex<BTreeMap<usize, u64>>,
    since: u64,
    /// The labels as the protobuf has them, once it was asked for.
    encoded: OnceBox<Encoded>,
}

impl Dense {
    pub(super) fn new(slots: Slots, shape: SeriesShape, blocks: LabelTexts) -> Self {
        Self {
            slots,
            shape,
            blocks,
            removed: Mutex::default(),
            since: unix_millis(),
            encoded: OnceBox::new(),
        }
    }

    pub(super) const fn first(&self) -> Slot {
        self.slots.first()
    }

    /// The cells of the series at a position; a position past the last one has none.
    pub(super) fn cells(&self, position: usize) -> Cells {
        Cells::unguarded(if position < self.len() {
            self.first().plus(position * self.shape.width)
        } else {
            Slot::SINK
        })
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The labels of all series as another format has them; one format asks for them.
    pub(super) fn encoded(&self, encode: impl FnMut(&str, &mut Vec<u8>)) -> &Encoded {
        self.encoded.get_or_init(|| Box::new(Encoded::new(self.blocks.iter_from(0), encode)))
    }

    fn removed(&self) -> MutexGuard<'_, BTreeMap<usize, u64>> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a series back to zero and leaves it out until it counts again; returns whether it was there.
    pub(super) fn remove(&self, position: usize) -> bool {
        if position >= self.len() {
            return false;
        }
        // Two at once would take the same sums away twice.
        let mut removed = self.removed();
        let cells = self.cells(position);
        let mut sums = vec![0; self.shape.width];
        CellReader::new().sum_cells(cells, self.shape, &mut sums);
        cleared_slots::clear(cells.first(), self.shape.width);
        cells.subtract_sums(self.shape);
        removed.insert(position, unix_millis()).is_none() || sums.iter().any(|sum| *sum != 0)
    }

    /// Calls `each` for the series until it breaks.
    #[inline]
    pub(super) fn read(
        &self,
        scratch: &mut Vec<u64>,
        each: &mut impl FnMut(usize, SeriesRef, &str, &[u64]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (series, width) = (self.blocks.len(), self.shape.width);
        let batch = (BATCH / width).max(1);
        let removed = self.removed().clone();
        let all = removed.is_empty();
        let cells = (series * width > FEW).then(CellReader::new);
        for start in (0..series).step_by(batch) {
            scratch.clear();
            scratch.resize(batch.min(series - start) * width, 0);
            let first = self.first().plus(start * width);
            match &cells {
                Some(cells) => cells.sum_series(first, self.shape, scratch),
                None => sum_few(first, self.shape, scratch),
            }
            let blocks = self.blocks.iter_from(start).zip(start..);
            for (sums, (labels, position)) in scratch.chunks_exact(width).zip(blocks) {
                let again = if all { None } else { removed.get(&position).copied() };
                let left_out = again.is_some() && sums.iter().all(|sum| *sum == 0);
                if !left_out {
                    let origin = SeriesRef {
                        cells: self.cells(position),
                        since: again.unwrap_or(self.since),
                        position,
                    };
                    each(position, origin, labels, sums)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}
