//! Storage for label sets with capped strings: a series gets its slots with its first observation.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering::Acquire, Ordering::Release},
};

use once_cell::race::OnceBox;

use crate::cell::{Shape, Slot, Slots};

const PAGE: usize = 256;

/// The first slot of each position's series plus one, or zero where there is no series yet. Looking up a series takes two
/// loads and no lock.
#[derive(Debug)]
pub(super) struct Sparse {
    pages: Box<[OnceBox<[AtomicU32; PAGE]>]>,
    shape: Shape,
    /// The series in the order in which they came. A reader takes the list as it is; a writer copies it only while a reader
    /// has it.
    series: Mutex<Arc<Vec<Arc<SparseSeries>>>>,
}

#[derive(Debug)]
pub(super) struct SparseSeries {
    pub(super) position: usize,
    pub(super) labels: Box<str>,
    slots: Slots,
}

impl SparseSeries {
    pub(super) const fn first(&self) -> Slot {
        self.slots.first()
    }
}

impl Sparse {
    pub(super) fn new(positions: usize, shape: Shape) -> Self {
        let pages = std::iter::repeat_with(OnceBox::new).take(positions.div_ceil(PAGE)).collect();
        Self { pages, shape, series: Mutex::default() }
    }

    /// The series as they are now.
    pub(super) fn series(&self) -> Arc<Vec<Arc<SparseSeries>>> {
        Arc::clone(&self.series.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first slot of the series at a position; `labels` gives its text when it is made.
    #[inline]
    pub(super) fn slot_at(&self, position: usize, labels: impl FnOnce() -> Box<str>) -> Slot {
        let made = self.pages.get(position / PAGE).and_then(OnceBox::get);
        match made.map_or(0, |page| page[position % PAGE].load(Acquire)) {
            0 => self.make(position, labels),
            number => Slot::new(number - 1),
        }
    }

    #[cold]
    fn make(&self, position: usize, labels: impl FnOnce() -> Box<str>) -> Slot {
        let Some(page) = self.pages.get(position / PAGE) else { return Slots::sink().first() };
        let page = page.get_or_init(|| Box::new([const { AtomicU32::new(0) }; PAGE]));
        let labels = labels();
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let place = &page[position % PAGE];
        if let Some(number) = place.load(Acquire).checked_sub(1) {
            return Slot::new(number);
        }
        let Some(slots) = Slots::allocate(1, self.shape) else { return Slots::sink().first() };
        let first = slots.first();
        Arc::make_mut(&mut series).push(Arc::new(SparseSeries { position, labels, slots }));
        place.store(first.number() + 1, Release);
        first
    }
}
