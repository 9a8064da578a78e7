//! Looking up a series by its labels: in this thread's cache, then in the set.

use std::{cell::Cell, sync::atomic::Ordering::Relaxed};

use super::{label_texts::write_block_of, set::SeriesSet};
use crate::{
    cell::{Cells, thread_cache},
    label::{Interners, Key, Text},
};

impl SeriesSet {
    /// The cells of the series with these labels, where this thread has looked them up before and no series was removed since.
    #[inline]
    pub(crate) fn recall(&self, key: &Key) -> Option<Cells> {
        thread_cache::get(key.words()?, self.epoch.load(Relaxed))
    }

    /// The cells of the series with these labels, which are at the position that `index` finds; this thread remembers them.
    pub(crate) fn look_up(&self, key: &Key, index: impl Fn(&Interners) -> usize) -> Cells {
        // Relaxed: whether what is found holds is asked after an acquire fence or under the lock of the series, see `Sparse::remove`.
        let epoch = self.epoch.load(Relaxed);
        let found = Cell::new(0);
        let cells = self.cells(|interners| {
            let position = index(interners);
            found.set(position);
            position
        });
        if let (Some(words), Some(rest)) = (key.words(), key.position())
            && cells.generation() != 0
            && !self.is_overflow(found.get() as u64, rest)
        {
            thread_cache::insert(words, epoch, cells);
        }
        cells
    }

    /// Whether a position is one of a string past the limit, which is counted each time; `rest` is the position without it.
    fn is_overflow(&self, position: u64, rest: u64) -> bool {
        let mut stride = 1;
        self.dimensions().iter().rev().any(|dimension| {
            let other = (dimension.size() as u64 - 1) * stride;
            stride *= dimension.size() as u64;
            dimension.limit().is_some() && position.wrapping_sub(rest) == other
        })
    }

    /// The cells of the series with these label values, for a set of a dynamic family; elsewhere of none.
    pub(crate) fn dynamic_cells(&self, values: &[&str]) -> Cells {
        let Some(dynamic) = self.dynamic() else { return self.cells(|_| 0) };
        let places = self.dynamic_places(values);
        dynamic.cells(&places, || self.dynamic_labels(&places))
    }

    /// The places of label values in their dimensions, in which they stay for good.
    fn dynamic_places(&self, values: &[&str]) -> Vec<usize> {
        let value = |at: usize| Text::new(values.get(at).copied().unwrap_or_default());
        (0..self.dimensions().len()).map(|at| self.interners().intern(at, &value(at))).collect()
    }

    /// The text of the labels at these places.
    fn dynamic_labels(&self, places: &[usize]) -> String {
        let mut labels = String::new();
        write_block_of(&mut labels, &self.descriptor().labels, self.interners(), places);
        labels
    }
}
