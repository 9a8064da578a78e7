//! Who owns which slots.

use std::{collections::BTreeMap, sync::Mutex};

use super::{
    chunk::{CHUNK_CELLS, Slot},
    shared,
    slab::lock,
    sum,
};

/// The slots of one series, as far as their allocation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shape {
    /// How many slots the series has.
    pub(crate) width: usize,
    /// What the last of them holds; the others hold integers.
    pub(crate) last: Word,
}

/// What a slot holds. A range of slots only ever goes to owners of the same shape: integers' bits do not add up as floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Integers that add up, wrapping.
    Integer,
    /// Floating-point numbers that add up.
    Float,
    /// A value in the shared cell alone.
    Shared,
}

/// Slots that belong to one owner, given back when it is dropped.
///
/// A slot that is used again starts at zero without a write to any thread's cell: the shared slab takes the negative of what
/// the former owners have summed up. For floating-point sums the start is exactly zero, and what is added from then on is
/// as precise as the former sums' last digit.
#[derive(Debug)]
pub(crate) struct Slots {
    first: Slot,
    series: usize,
    shape: Shape,
}

/// The most slots in one series.
pub(crate) const MOST_WIDE: usize = CHUNK_CELLS;

static ALLOCATOR: Mutex<Allocator> = Mutex::new(Allocator { next: CHUNK_CELLS, free: BTreeMap::new() });

struct Allocator {
    next: usize,
    /// Former ranges by the number of series and their shape.
    free: BTreeMap<(usize, Shape), Vec<Slot>>,
}

impl Slots {
    /// Neighbouring slots for `series` series, all at zero, or `None` where no more are left.
    pub(crate) fn allocate(series: usize, shape: Shape) -> Option<Self> {
        if shape.width > MOST_WIDE {
            return None;
        }
        let length = series.checked_mul(shape.width)?;
        let mut allocator = lock(&ALLOCATOR);
        if let Some(first) = allocator.free.get_mut(&(series, shape)).and_then(Vec::pop) {
            drop(allocator);
            let slots = Self { first, series, shape };
            slots.reset();
            return Some(slots);
        }
        let first = allocator.next;
        let end = first.checked_add(length).filter(|end| *end <= shared::SLOTS)?;
        allocator.next = end;
        Some(Self { first: Slot::new(u32::try_from(first).ok()?), series, shape })
    }

    /// Slots that nobody reads, for a metric that could not be registered: the first chunk, which all of them share.
    pub(crate) const fn sink() -> Self {
        Self { first: Slot::SINK, series: 0, shape: Shape { width: 0, last: Word::Integer } }
    }

    pub(crate) const fn first(&self) -> Slot {
        self.first
    }

    /// Brings used slots back to zero.
    fn reset(&self) {
        for series in 0..self.series {
            for at in 0..self.shape.width {
                let slot = self.first.plus(series * self.shape.width + at);
                let word = if at + 1 == self.shape.width { self.shape.last } else { Word::Integer };
                let start = match word {
                    Word::Integer => sum::sum_owned(slot).wrapping_neg(),
                    Word::Float => (-sum::sum_owned_f64(slot)).to_bits(),
                    Word::Shared => 0,
                };
                shared::set_shared(slot, start);
            }
        }
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if self.series > 0 && self.shape.width > 0 {
            lock(&ALLOCATOR).free.entry((self.series, self.shape)).or_default().push(self.first);
        }
    }
}
