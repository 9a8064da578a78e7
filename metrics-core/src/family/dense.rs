//! Storage for label sets that are finite: every series has its slots and its text from the start.

use std::{collections::BTreeSet, sync::PoisonError};

use super::labels::Blocks;
use crate::{
    cell::{Cells, Shape, Slot, Slots, sum_series},
    sync::{Mutex, MutexGuard},
};

/// How many slots are read at a time: the sums stay in the nearest cache.
const BATCH: usize = 2048;

#[derive(Debug)]
pub(super) struct Dense {
    slots: Slots,
    shape: Shape,
    blocks: Blocks,
    /// The positions that were removed: they are left out while they are zero.
    removed: Mutex<BTreeSet<usize>>,
}

impl Dense {
    pub(super) fn new(slots: Slots, shape: Shape, blocks: Blocks) -> Self {
        Self { slots, shape, blocks, removed: Mutex::default() }
    }

    pub(super) const fn first(&self) -> Slot {
        self.slots.first()
    }

    pub(super) const fn cells(&self, position: usize) -> Cells {
        Cells::unguarded(self.first().plus(position * self.shape.width))
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    fn removed(&self) -> MutexGuard<'_, BTreeSet<usize>> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a series back to zero and leaves it out until it counts again.
    pub(super) fn remove(&self, position: usize) -> bool {
        // Two at once would take the same sums away twice.
        let mut removed = self.removed();
        self.cells(position).subtract_sums(self.shape);
        removed.insert(position)
    }

    pub(super) fn read(&self, scratch: &mut Vec<u64>, each: &mut impl FnMut(usize, Cells, &str, &[u64])) {
        let (series, width) = (self.blocks.len(), self.shape.width);
        let batch = (BATCH / width).max(1);
        let removed = self.removed().clone();
        let all = removed.is_empty();
        for start in (0..series).step_by(batch) {
            scratch.clear();
            scratch.resize(batch.min(series - start) * width, 0);
            sum_series(self.first().plus(start * width), self.shape, scratch);
            let blocks = self.blocks.iter_from(start).zip(start..);
            for (sums, (labels, position)) in scratch.chunks_exact(width).zip(blocks) {
                let left_out = !all && removed.contains(&position) && sums.iter().all(|sum| *sum == 0);
                if !left_out {
                    each(position, self.cells(position), labels, sums);
                }
            }
        }
    }
}
