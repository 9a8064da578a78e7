//! Look-up of a series by its labels: in this thread's cache, then in the set.

use std::{array, cell::Cell, sync::atomic::Ordering::Relaxed};

use super::{label_texts::write_block_of, set::SeriesSet};
use crate::{
    cell::{Cells, cache_series, cached_series},
    label::{CacheKey, CappedText, Interners, key_of_values},
};

/// Largest number of labels of a dynamic family whose series a thread caches.
const MOST_CACHED_LABELS: usize = 12;

impl SeriesSet {
    /// Returns the cells of the series with these labels, if this thread has looked them up before and no series was removed
    /// since.
    #[inline]
    pub(crate) fn cached(&self, key: &CacheKey) -> Option<Cells> {
        cached_series(key.words()?, self.version.load(Relaxed))
    }

    /// Returns the cells of the series with these labels, at the position that `index` returns, and caches them in this
    /// thread.
    pub(crate) fn look_up(&self, key: &CacheKey, index: impl Fn(&Interners) -> usize) -> Cells {
        // Relaxed: it is checked after an acquire fence or under the lock of the series, which the look-up holds; see
        // `Sparse::remove`.
        let version = self.version.load(Relaxed);
        let found = Cell::new(0);
        let cells = self.cells(|interners| {
            let position = index(interners);
            found.set(position);
            position
        });
        if let (Some(words), Some(rest)) = (key.words(), key.position())
            && cells.generation() != 0
        {
            cache_series(words, version, cells, || !self.is_overflow(found.get(), rest));
        }
        cells
    }

    /// Returns `true` for the position of a string past the limit, each of which is counted; `rest` is the position without
    /// it.
    fn is_overflow(&self, position: usize, rest: u64) -> bool {
        let (mut position, mut rest) = (position as u64, rest);
        // The last label varies fastest.
        self.dimensions().iter().rev().any(|dimension| {
            let size = dimension.size().max(1) as u64;
            let (found, without) = (position % size, rest % size);
            (position, rest) = (position / size, rest / size);
            found != without && usize::try_from(found).is_ok_and(|found| dimension.is_overflow(found))
        })
    }

    /// Returns the cells of the series with these label values, in a set of a dynamic family; in other sets nothing.
    pub(crate) fn dynamic_cells(&self, values: &[&str]) -> Cells {
        let labels = self.dimensions().len();
        if labels > MOST_CACHED_LABELS {
            let ids: Vec<_> = (0..labels).map(|at| self.dynamic_value_id(values, at)).collect();
            return self.make_dynamic(&ids);
        }
        // A label past the last one has the position zero.
        let ids: [usize; MOST_CACHED_LABELS] =
            array::from_fn(|at| if at < labels { self.dynamic_value_id(values, at) } else { 0 });
        let (ids, key) = (ids.get(..labels).unwrap_or_default(), key_of_values(&ids));
        let version = self.version.load(Relaxed);
        let cached = key.as_ref().and_then(|key| cached_series(key, version));
        cached.unwrap_or_else(|| {
            let cells = self.make_dynamic(ids);
            if let Some(key) = &key {
                cache_series(key, version, cells, || true);
            }
            cells
        })
    }

    /// Returns the position of a label value, which never changes.
    #[inline]
    fn dynamic_value_id(&self, values: &[&str], at: usize) -> usize {
        let value = values.get(at).copied().unwrap_or_default();
        self.interners().position_uncounted(at, &CappedText::new(value))
    }

    fn make_dynamic(&self, value_ids: &[usize]) -> Cells {
        let Some(dynamic) = self.dynamic() else { return self.cells(|_| 0) };
        dynamic.cells(value_ids, |out| {
            write_block_of(out, &self.descriptor().labels, self.interners(), value_ids);
        })
    }
}
