//! Storage for finite label sets, whose series have slots and texts from the start.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{
        PoisonError,
        atomic::Ordering::{Acquire, Release},
    },
};

use super::{
    batch::{BATCH, Origins, SeriesBatch, SingleSeries},
    cleared_slots,
    label_texts::{LabelTexts, SeriesLabels},
    reader::SeriesReader,
    set_changes,
};
use crate::{
    cell::{CellReader, Cells, SeriesShape, Slot, Slots},
    clock::unix_millis,
    sync::{AtomicBool, Mutex, MutexGuard},
};

#[derive(Debug)]
pub(super) struct Dense {
    slots: Slots,
    shape: SeriesShape,
    labels: LabelTexts,
    /// Removed positions with the times of removal, which are hidden while they are zero.
    removed: Mutex<BTreeMap<usize, u64>>,
    /// Set once a position was removed.
    any_removed: AtomicBool,
    since: u64,
}

impl Dense {
    pub(super) fn new(slots: Slots, shape: SeriesShape, labels: LabelTexts) -> Self {
        Self {
            slots,
            shape,
            labels,
            removed: Mutex::default(),
            any_removed: AtomicBool::new(false),
            since: unix_millis(),
        }
    }

    pub(super) const fn first(&self) -> Slot {
        self.slots.first()
    }

    /// Returns the cells of the series at a position, or the sink for an invalid position.
    pub(super) fn cells(&self, position: usize) -> Cells {
        Cells::unguarded(if position < self.len() {
            self.first().plus(position * self.shape.width)
        } else {
            Slot::SINK
        })
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns the one series and its labels, unless there are several or it was removed.
    pub(super) fn single(&self) -> Option<(SingleSeries, SeriesLabels<'_>)> {
        let labels = self.labels.iter_from(0).next()?;
        let is_single = self.len() == 1 && !self.any_removed.load(Acquire);
        is_single.then(|| (SingleSeries { first: self.first(), since: self.since }, labels))
    }

    fn removed(&self) -> MutexGuard<'_, BTreeMap<usize, u64>> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resets a series to zero and hides it until it counts again; returns whether it was visible.
    pub(super) fn remove(&self, position: usize) -> bool {
        if position >= self.len() {
            return false;
        }
        // Two concurrent removals would subtract the same sums twice.
        let mut removed = self.removed();
        let cells = self.cells(position);
        let mut sums = vec![0; self.shape.width];
        CellReader::default().sum_series(cells.first(), self.shape, &mut sums);
        cleared_slots::clear(cells.first(), self.shape.width);
        cells.subtract_sums(self.shape);
        if !self.any_removed.swap(true, Release) {
            set_changes::add();
        }
        removed.insert(position, unix_millis()).is_none() || sums.iter().any(|sum| *sum != 0)
    }

    /// Calls `each` with the series in batches until it breaks.
    pub(super) fn read(
        &self,
        reader: &mut SeriesReader,
        mut each: impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (series, width) = (self.labels.len(), self.shape.width);
        let removed = if self.any_removed.load(Acquire) { self.removed().clone() } else { BTreeMap::new() };
        let SeriesReader { sums, cells } = reader;
        // Most sets are one batch, and a division takes longer than the rest of a small one.
        let most = if series * width <= BATCH { series } else { (BATCH / width).max(1) };
        let mut start = 0;
        while start < series {
            sums.clear();
            sums.resize(most.min(series - start) * width, 0);
            let first = self.first().plus(start * width);
            cells.sum_series(first, self.shape, sums);
            let origins = Origins::Dense { first, since: self.since, removed: &removed };
            let labels = &self.labels;
            each(SeriesBatch { labels, first: start, origins, sums, width, left_out: &[] })?;
            start += most;
        }
        ControlFlow::Continue(())
    }
}
