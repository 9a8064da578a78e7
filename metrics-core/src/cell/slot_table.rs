//! Tables of values by slot.

use std::array;

use super::slot::{CHUNK_CELLS, PAGE_CHUNKS, PAGES, Slot};
use crate::sync::{OnceBox, boxes};

/// A table with a value for each slot. The values of neighbouring slots are created together when one of them is first needed. A
/// look-up takes two loads and no lock.
pub(crate) struct SlotTable<T: 'static>([OnceBox<Page<T>>; PAGES]);

struct Page<T: 'static>([OnceBox<[T; CHUNK_CELLS]>; PAGE_CHUNKS]);

impl<T> SlotTable<T> {
    /// Creates an empty table.
    #[cfg(not(all(test, metrics_core_loom)))]
    pub(crate) const fn new() -> Self {
        Self(boxes())
    }

    /// Creates an empty table; loom's atomics cannot be created in constants.
    #[cfg(all(test, metrics_core_loom))]
    pub(crate) fn new() -> Self {
        Self(boxes())
    }

    /// Returns the value of a slot, if it exists.
    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> Option<&T> {
        self.run_from(slot).first()
    }

    /// Returns the values from a slot to the end of its chunk; none if they do not exist.
    #[inline]
    pub(crate) fn run_from(&self, slot: Slot) -> &[T] {
        let chunk = || self.0.get(slot.chunk() / PAGE_CHUNKS)?.get()?.0[slot.chunk() % PAGE_CHUNKS].get();
        chunk().map_or(&[], |values| values.get(slot.offset()..).unwrap_or_default())
    }

    /// Returns the value of a slot, or creates it; `None` for the sink.
    pub(crate) fn get_or_create(&self, slot: Slot) -> Option<&T>
    where
        T: Default,
    {
        let page = self.0.get(slot.chunk() / PAGE_CHUNKS)?.get_or_init(|| Box::new(Page(boxes())));
        let chunk =
            page.0[slot.chunk() % PAGE_CHUNKS].get_or_init(|| Box::new(array::from_fn(|_| T::default())));
        chunk.get(slot.offset())
    }
}
