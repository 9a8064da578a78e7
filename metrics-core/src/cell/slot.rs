//! Slots: numbers of cells, which have the same owner in every slab.

use crate::sync::size;

/// Number of cells in a chunk: 4 KiB, one page of memory.
pub(crate) const CHUNK_CELLS: usize = size(512, 4);

/// Number of pages of a directory of chunks, and of chunks in such a page.
pub(super) const PAGES: usize = size(256, 2);
pub(super) const PAGE_CHUNKS: usize = size(256, 4);

/// Number of slots that exist: 33 million.
pub(super) const SLOTS: usize = PAGES * PAGE_CHUNKS * CHUNK_CELLS;

/// Number of *flat* slots, the first ones. A thread's cells of them are in one slice, which grows as the thread touches them,
/// so a single comparison finds a cell. Further slots, usually of large families, are in chunks.
pub(super) const FLAT_SLOTS: usize = size(16_384, 8);

/// Number of a cell, which has the same owner in every slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u32);

impl Slot {
    /// Slot of detached metrics. Neither it nor any slot after it has a cell, so additions are ignored.
    pub(crate) const SINK: Self = Self(Self::MARK);

    /// Upper bound of the numbers of slots.
    const MARK: u32 = 1 << 31;

    /// Slot that has cells and no owner; its sum is never read.
    pub(crate) const UNREAD: Self = Self(0);

    pub(crate) const fn new(number: u32) -> Self {
        Self(number)
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// Returns the number with a mark, which is not a valid slot.
    pub(super) const fn marked(self) -> Self {
        Self(self.0 | Self::MARK)
    }

    /// Returns the slot of a marked number.
    #[inline]
    pub(super) const fn unmarked(self) -> Self {
        Self(self.0 & !Self::MARK)
    }

    /// Returns the slot that follows by `count` slots.
    #[inline]
    pub(crate) const fn plus(self, count: usize) -> Self {
        // No range of slots exceeds the limit, see `Slots::allocate`, so nothing is truncated.
        #[allow(clippy::cast_possible_truncation)]
        Self(self.0.wrapping_add(count as u32))
    }

    /// Returns whether the slot has cells, unlike the sink.
    #[inline]
    pub(crate) const fn exists(self) -> bool {
        self.index() < SLOTS
    }

    /// Returns the number as an index.
    #[inline]
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the number of the chunk of the slot.
    #[inline]
    pub(super) const fn chunk(self) -> usize {
        self.0 as usize / CHUNK_CELLS
    }

    /// Returns the first slot of the chunk of the slot.
    #[inline]
    pub(crate) const fn chunk_start(self) -> Self {
        #[allow(clippy::cast_possible_truncation)] // a chunk is small
        Self(self.0 - self.0 % CHUNK_CELLS as u32)
    }

    /// Returns the index in the chunk, which is less than [`CHUNK_CELLS`].
    #[inline]
    pub(super) const fn offset(self) -> usize {
        self.0 as usize % CHUNK_CELLS
    }
}

/// Slot of a word that may have an exemplar, and the generation of its owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExemplarSlot {
    pub(crate) slot: Slot,
    /// Zero if the owner lives as long as its handles.
    pub(crate) generation: u32,
}
