//! Values that belong to slots, found by the slot's number.

use std::array;

use super::slot::{CHUNK_CELLS, PAGE_CHUNKS, PAGES, Slot};
use crate::sync::{OnceBox, boxes};

/// A value for each slot. The values of neighbouring slots are made together, when the first of them is asked for; until then
/// they take no memory. A look-up takes two loads and no lock.
pub(crate) struct SlotTable<T: 'static>([OnceBox<Page<T>>; PAGES]);

struct Page<T: 'static>([OnceBox<[T; CHUNK_CELLS]>; PAGE_CHUNKS]);

impl<T> SlotTable<T> {
    /// An empty table.
    #[cfg(not(all(test, metrics_core_loom)))]
    pub(crate) const fn new() -> Self {
        Self(boxes())
    }

    /// An empty table; loom's atomics are not made in constants.
    #[cfg(all(test, metrics_core_loom))]
    pub(crate) fn new() -> Self {
        Self(boxes())
    }

    /// Returns the slot's value, where it was made.
    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> Option<&T> {
        self.run_from(slot).first()
    }

    /// Returns the values from a slot on to the border of its chunk; none where they were not made.
    #[inline]
    pub(crate) fn run_from(&self, slot: Slot) -> &[T] {
        let chunk = || self.0.get(slot.chunk() / PAGE_CHUNKS)?.get()?.0[slot.chunk() % PAGE_CHUNKS].get();
        chunk().map_or(&[], |values| values.get(slot.offset()..).unwrap_or_default())
    }

    /// Returns the slot's value, made where it is missing; `None` for the sink.
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
