//! Numbers of cells: the same slot of every slab belongs to the same series.

use crate::sync::size;

/// Cells in a chunk: 4 KiB, one page of memory.
pub(crate) const CHUNK_CELLS: usize = size(512, 4);

/// Pages of a directory of chunks, and chunks in such a page.
pub(super) const PAGES: usize = size(256, 2);
pub(super) const PAGE_CHUNKS: usize = size(256, 4);

/// Number of slots that exist: 33 million.
pub(super) const SLOTS: usize = PAGES * PAGE_CHUNKS * CHUNK_CELLS;

/// Slots below this are near: a thread's cells of them lie in one slice, which grows with what the thread touches, so that one
/// comparison finds a cell. Farther slots, mostly of large families, are in chunks.
pub(super) const NEAR: usize = size(16_384, 8);

/// The number of a cell, the same in every slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u32);

impl Slot {
    /// Slot of detached metrics. Neither it nor what comes after it exists, so that what is added there goes nowhere.
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

    /// Returns the number with a mark: not a slot any more.
    pub(super) const fn marked(self) -> Self {
        Self(self.0 | Self::MARK)
    }

    /// Returns the slot of one that is marked.
    #[inline]
    pub(super) const fn unmarked(self) -> Self {
        Self(self.0 & !Self::MARK)
    }

    /// Returns the slot that is `count` slots further on.
    #[inline]
    pub(crate) const fn plus(self, count: usize) -> Self {
        // A slot range never leaves the address space of slots, see `Slots::allocate`, so nothing is cut off here.
        #[allow(clippy::cast_possible_truncation)]
        Self(self.0.wrapping_add(count as u32))
    }

    /// Returns whether it is a slot, and not the sink.
    #[inline]
    pub(crate) const fn exists(self) -> bool {
        self.index() < SLOTS
    }

    /// The number as an index.
    #[inline]
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Number of the chunk that holds the slot.
    #[inline]
    pub(super) const fn chunk(self) -> usize {
        self.0 as usize / CHUNK_CELLS
    }

    /// The first slot of the chunk that holds the slot.
    #[inline]
    pub(crate) const fn chunk_start(self) -> Self {
        #[allow(clippy::cast_possible_truncation)] // a chunk is small
        Self(self.0 - self.0 % CHUNK_CELLS as u32)
    }

    /// Index within the chunk, less than [`CHUNK_CELLS`].
    #[inline]
    pub(super) const fn offset(self) -> usize {
        self.0 as usize % CHUNK_CELLS
    }
}

/// Slot of a word that may have an exemplar, and the generation of its owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExemplarSlot {
    pub(crate) slot: Slot,
    /// Zero where the slot's owner lives as long as its handles.
    pub(crate) generation: u32,
}
