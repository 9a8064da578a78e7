//! Storage for label sets with capped strings, with a series for each set that was observed. Series may be removed.

use std::sync::{
    PoisonError,
    atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{
    idle::IdleSeries,
    series_list::{SeriesList, SeriesSnapshot},
};
use crate::{
    cell::{Cells, SeriesShape, Slots, next_version},
    label::Interners,
    sync::{AtomicU64, Mutex, MutexGuard, OnceBox, size, zeroes},
};

const PAGE: usize = size(256, 4);

/// Cells of each position's series, or zero without a series. A look-up takes two loads and no lock.
#[derive(Debug)]
pub(super) struct Sparse {
    pages: Box<[OnceBox<[AtomicU64; PAGE]>]>,
    shape: SeriesShape,
    /// Set if series have a time to live.
    idle: Option<IdleSeries>,
    series: Mutex<SeriesList>,
}

impl Sparse {
    pub(super) fn new(positions: usize, shape: SeriesShape, idle: Option<IdleSeries>) -> Self {
        let pages = std::iter::repeat_with(OnceBox::new).take(positions.div_ceil(PAGE)).collect();
        Self { pages, shape, idle, series: Mutex::new(SeriesList::new(shape)) }
    }

    fn lock(&self) -> MutexGuard<'_, SeriesList> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current series.
    pub(super) fn series(&self) -> SeriesSnapshot {
        self.lock().snapshot()
    }

    /// Returns the time to live of series, if they have one.
    pub(super) const fn idle(&self) -> Option<&IdleSeries> {
        self.idle.as_ref()
    }

    /// Returns the cells of the series at a position, if it exists.
    #[inline]
    pub(super) fn get(&self, position: usize) -> Option<Cells> {
        let page = self.pages.get(position / PAGE)?.get()?;
        let bits = page[position % PAGE].load(Acquire);
        (bits != 0).then(|| Cells::from_bits(bits))
    }

    /// Creates the series at a position with the labels that `write` writes, unless another thread has. Returns `None` if the position
    /// is no longer valid, as the interners have another version.
    pub(super) fn make(
        &self,
        interners: &Interners,
        version: u64,
        position: usize,
        value_ids: impl FnOnce() -> Vec<usize>,
        write: impl FnOnce(&mut String),
    ) -> Option<Cells> {
        let mut series = self.lock();
        // Strings are removed only under this lock, so the version is valid until it is released.
        if !interners.holds(version) {
            return None;
        }
        if let Some(cells) = self.get(position) {
            return Some(cells);
        }
        let sink = Some(Slots::sink().cells());
        let Some(page) = self.pages.get(position / PAGE) else { return sink };
        let page = page.get_or_init(|| Box::new(zeroes()));
        let Some(slots) = Slots::allocate_guarded(self.shape) else { return sink };
        interners.retain(value_ids().into_iter());
        let cells = series.push(slots, position, write);
        page[position % PAGE].store(cells.to_bits(), Release);
        Some(cells)
    }

    /// Removes the series for which `is_removed` returns true, and strings without other series; returns the number of removed series.
    pub(super) fn remove(
        &self,
        interners: &Interners,
        version: &AtomicU64,
        value_ids: impl Fn(usize) -> Vec<usize>,
        is_removed: impl FnMut(Cells) -> bool,
    ) -> usize {
        let mut series = self.lock();
        let positions = series.remove(is_removed);
        if positions.is_empty() {
            return 0;
        }
        for position in &positions {
            if let Some(page) = self.pages.get(position / PAGE).and_then(OnceBox::get) {
                page[position % PAGE].store(0, Release);
            }
        }
        interners.release(&positions.iter().map(|position| value_ids(*position)).collect::<Vec<_>>());
        // Last, so that a concurrent look-up is cached for the version that ends here. Relaxed, as it follows the release fence of the
        // interners: after the fence in `Interners::holds`, a look-up in the next version sees that the series is removed, or that
        // the interners have another version.
        version.store(next_version(), Relaxed);
        if let Some(idle) = &self.idle {
            idle.retain_current();
        }
        positions.len()
    }
}
