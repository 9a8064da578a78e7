//! Finding a series again that this thread has looked up before.

use std::{cell::Cell, sync::atomic::Ordering::Relaxed};

use super::set::SeriesSet;
use crate::{
    cell::{self, Cells},
    label::{Interners, Key},
};

impl SeriesSet {
    /// The cells of the series with these labels, where this thread has looked them up before and no series was removed since.
    #[inline]
    pub(crate) fn recall(&self, key: &Key) -> Option<Cells> {
        cell::recall(key.words()?, self.epoch.load(Relaxed))
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
            cell::remember(words, epoch, cells);
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
}
