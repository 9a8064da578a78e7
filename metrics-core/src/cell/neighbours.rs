//! Cells of several series that lie in one chunk: found once for all of them.

use super::{
    chunk::{CHUNK_CELLS, Chunk, Slot, add_owned},
    local,
};
use crate::exemplar;

/// The chunk in which several series that are not guarded lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbours(Slot);

/// A slot's place in its chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offset(u16);

/// This thread's cells in a chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnCells(&'static Chunk);

impl Neighbours {
    /// The chunk of these ranges of slots, first and last, if they are all in one.
    pub(crate) fn of(ranges: impl IntoIterator<Item = (Slot, usize)>) -> Option<Self> {
        let mut slots = ranges.into_iter().flat_map(|(first, width)| [first, first.plus(width.max(1) - 1)]);
        let first = slots.next()?;
        slots.all(|slot| slot.chunk() == first.chunk()).then_some(Self(first))
    }

    /// This thread's cells, if it has touched the chunk before.
    #[inline]
    pub(crate) fn own(self) -> Option<OwnCells> {
        local::own_chunk(self.0).map(OwnCells)
    }

    /// This thread's cells, made where they are missing; `None` where the thread has no slab.
    #[cold]
    pub(crate) fn touch(self) -> Option<OwnCells> {
        local::touch(self.0).map(OwnCells)
    }

    /// Where the exemplar of the cell `at` slots after an offset is kept.
    pub(crate) fn place(self, offset: Offset, at: usize) -> exemplar::Place {
        let first = Slot::new(0).plus(self.0.chunk() * CHUNK_CELLS);
        exemplar::Place { slot: first.plus(offset.plus(at)).number(), generation: 0 }
    }
}

impl Offset {
    /// No slot.
    pub(crate) const NONE: Self = Self(u16::MAX);

    /// The place of a slot.
    pub(crate) fn of(slot: Slot) -> Self {
        Self(u16::try_from(slot.offset()).unwrap_or(u16::MAX))
    }

    #[inline]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// The place `count` slots further on.
    #[inline]
    const fn plus(self, count: usize) -> usize {
        self.0 as usize + count
    }
}

impl OwnCells {
    /// Adds to the cell `at` slots after an offset.
    #[inline]
    pub(crate) fn add(self, offset: Offset, at: usize, amount: u64) {
        add_owned(self.0.at(offset.plus(at)), amount);
    }
}
