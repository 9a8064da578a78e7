//! Storage for label sets that are finite: every series has its slots and its text from the start.

use super::{
    labels::Blocks,
    set::{SeriesRef, read_slots},
};
use crate::{
    cell::{Slot, Slots},
    layout::Layout,
};

/// How many slots are read at a time: the sums stay in the nearest cache.
const BATCH: usize = 2048;

#[derive(Debug)]
pub(super) struct Dense {
    slots: Slots,
    width: usize,
    blocks: Blocks,
}

impl Dense {
    pub(super) const fn new(slots: Slots, width: usize, blocks: Blocks) -> Self {
        Self { slots, width, blocks }
    }

    pub(super) const fn first(&self) -> Slot {
        self.slots.first()
    }

    pub(super) fn read(
        &self,
        layout: &Layout,
        scratch: &mut Vec<u64>,
        each: &mut impl FnMut(SeriesRef<'_>, &[u64]),
    ) {
        let series = self.blocks.len();
        let batch = (BATCH / self.width).max(1);
        for start in (0..series).step_by(batch) {
            let length = batch.min(series - start);
            read_slots(layout, self.first().plus(start * self.width), length, scratch);
            let blocks = self.blocks.iter_from(start).zip(start..);
            for (sums, (labels, position)) in scratch.chunks_exact(self.width).zip(blocks) {
                each(SeriesRef { position, labels }, sums);
            }
        }
    }
}
