//! Slots and the chunks of cells that hold them.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::{AtomicU64, size, zeroes};

/// Cells in a chunk: 4 KiB, one page.
pub(super) const CHUNK_CELLS: usize = size(512, 4);

/// Pages of the shared slab's directory, and chunks in a page.
pub(super) const PAGES: usize = size(256, 2);
pub(super) const PAGE_CHUNKS: usize = size(256, 4);

/// Number of slots that exist: 33 million.
pub(super) const SLOTS: usize = PAGES * PAGE_CHUNKS * CHUNK_CELLS;

/// The slots below this are near: a thread's cells of them lie in one slice, which grows with what the thread touches. So a
/// slot is found by one comparison; farther ones, of large families for the most part, are in chunks.
pub(super) const NEAR: usize = size(16_384, 8);

/// The number of a cell, the same in every slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u32);

impl Slot {
    /// Where detached metrics count: neither it nor what comes after it exists, so what is added there goes nowhere.
    pub(crate) const SINK: Self = Self(Self::MARK);

    /// Slots have smaller numbers.
    const MARK: u32 = 1 << 31;

    /// A slot that exists and is not handed out, so that nobody reads what is added there.
    pub(crate) const UNREAD: Self = Self(0);

    pub(crate) const fn new(number: u32) -> Self {
        Self(number)
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// The same with a mark: not a slot any more.
    pub(super) const fn marked(self) -> Self {
        Self(self.0 | Self::MARK)
    }

    /// The slot of one that is marked.
    #[inline]
    pub(super) const fn unmarked(self) -> Self {
        Self(self.0 & !Self::MARK)
    }

    /// The slot `count` places further on.
    #[inline]
    pub(crate) const fn plus(self, count: usize) -> Self {
        // A slot range never leaves the address space of slots, see `Slots::allocate`, so nothing is cut off here.
        #[allow(clippy::cast_possible_truncation)]
        Self(self.0.wrapping_add(count as u32))
    }

    /// Whether it is a slot, and not the sink.
    #[inline]
    pub(crate) const fn exists(self) -> bool {
        self.index() < SLOTS
    }

    /// The number as an index.
    #[inline]
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The chunk that holds the slot.
    #[inline]
    pub(super) const fn chunk(self) -> usize {
        self.0 as usize / CHUNK_CELLS
    }

    /// The place within the chunk, less than [`CHUNK_CELLS`].
    #[inline]
    pub(super) const fn offset(self) -> usize {
        self.0 as usize % CHUNK_CELLS
    }
}

/// Slot of a word that may have an exemplar, and the generation of its owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExemplarSlot {
    pub(crate) slot: u32,
    /// Zero where the slot's owner lives as long as its handles.
    pub(crate) generation: u32,
}

/// The cells of [`CHUNK_CELLS`] neighbouring slots in one slab.
#[derive(Debug)]
pub(super) struct Chunk([AtomicU64; CHUNK_CELLS]);

impl Chunk {
    /// A chunk of zeroes, straight on the heap in optimised builds.
    pub(super) fn boxed() -> Box<Self> {
        Box::new(Self(zeroes()))
    }

    /// The slot's cell; the caller has looked up the chunk that holds it.
    #[inline]
    pub(super) const fn cell(&self, slot: Slot) -> &AtomicU64 {
        &self.0[slot.offset()]
    }

    /// The cells from `offset` on.
    pub(super) fn cells_from(&self, offset: usize) -> &[AtomicU64] {
        self.0.get(offset..).unwrap_or_default()
    }
}

/// Adds to a cell that only this thread writes.
#[inline]
pub(super) fn add_owned(cell: &AtomicU64, amount: u64) {
    cell.store(cell.load(Relaxed).wrapping_add(amount), Relaxed);
}

/// Adds to a floating-point cell that only this thread writes.
#[inline]
pub(super) fn add_owned_f64(cell: &AtomicU64, amount: f64) {
    cell.store((f64::from_bits(cell.load(Relaxed)) + amount).to_bits(), Relaxed);
}
