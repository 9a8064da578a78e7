//! Who owns which slots.

use std::{collections::BTreeMap, ops::Range};

use super::{
    cells::Cells,
    chunk::{CHUNK_CELLS, NEAR, SLOTS, Slot},
    shape::{CellKind, SeriesShape},
    shared, slab, thread_delta,
};
use crate::sync::{Mutex, global, lock, size};

/// Slots that belong to one owner, given back when it is dropped.
///
/// A slot that is used again starts at zero without a write to any thread's cell. Guarded slots get a new generation, see
/// [`Cells`]. For others the shared slab takes the negative of what the former owners have summed up. A floating-point sum would
/// be as precise as the last digit of the former sums, so its cells are set to zero, as nobody has them any more; but not while
/// tests have [views](super::view) of what cells have grown by.
#[derive(Debug)]
pub(crate) struct Slots {
    first: Slot,
    /// How many series; none for slots that are not given back.
    series: usize,
    shape: SeriesShape,
    /// Zero where they are not guarded.
    generation: u32,
}

/// The most slots in one series.
pub(crate) const MOST_WIDE: usize = CHUNK_CELLS - 1;

global! {
    ALLOCATOR: Mutex<Allocator> =
        Mutex::new(Allocator { near: FIRST..NEAR, far: NEAR..SLOTS, free: BTreeMap::new() })
}

/// The first slot: a line of the cache is left free, as another thread's cells may end in the same line.
const FIRST: usize = size(8, 1);

const _: () = assert!(Slot::UNREAD.index() < FIRST);

/// The most slots that are taken from the near ones at once: a large family would leave no room for others.
const MOST_NEAR: usize = NEAR / 4;

struct Allocator {
    /// What was never taken.
    near: Range<usize>,
    far: Range<usize>,
    /// Former ranges by what they were used for.
    free: BTreeMap<Use, Vec<Slot>>,
}

/// What a range of slots is used for, now and ever after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    series: usize,
    shape: SeriesShape,
    guarded: bool,
}

impl Allocator {
    /// A range for this use, and whether it was used before.
    fn take(&mut self, wanted: Use) -> Option<(Slot, bool)> {
        if let Some(first) = self.free.get_mut(&wanted).and_then(Vec::pop) {
            return Some((first, true));
        }
        let width = wanted.shape.width + usize::from(wanted.guarded);
        let length = wanted.series.checked_mul(width)?;
        let near = if length <= MOST_NEAR { take_from(&mut self.near, wanted.series, width) } else { None };
        let first = near.or_else(|| take_from(&mut self.far, wanted.series, width))?;
        Some((Slot::new(u32::try_from(first).ok()?), false))
    }
}

/// Takes slots for so many series from the front of a range. A series by itself does not cross the border of a chunk, so that
/// a thread has all its cells or none.
fn take_from(range: &mut Range<usize>, series: usize, width: usize) -> Option<usize> {
    let room = CHUNK_CELLS - range.start % CHUNK_CELLS;
    let first = if series == 1 && room < width { range.start + room } else { range.start };
    range.start = series.checked_mul(width)?.checked_add(first).filter(|end| *end <= range.end)?;
    Some(first)
}

impl Slots {
    /// Allocates neighbouring slots for `series` series, all at zero; `None` where no more are left.
    ///
    /// The caller clears what else is kept by slot: exemplars and native buckets of a former owner.
    pub(crate) fn allocate(series: usize, shape: SeriesShape) -> Option<Self> {
        let (slots, used) = Self::take(Use { series, shape, guarded: false })?;
        if used {
            slots.reset();
        }
        Some(slots)
    }

    /// Slots for one series that may be removed while somebody has a handle.
    pub(crate) fn allocate_guarded(shape: SeriesShape) -> Option<Self> {
        let (mut slots, _) = Self::take(Use { series: 1, shape, guarded: true })?;
        slots.generation = shared::next_generation(slots.first, u32::try_from(shape.width).ok()?);
        Some(slots)
    }

    fn take(wanted: Use) -> Option<(Self, bool)> {
        if wanted.shape.width > MOST_WIDE {
            return None;
        }
        let (first, used) = lock(&ALLOCATOR).take(wanted)?;
        Some((Self { first, series: wanted.series, shape: wanted.shape, generation: 0 }, used))
    }

    /// No slots, for a metric that could not be registered.
    pub(crate) const fn sink() -> Self {
        Self {
            first: Slot::SINK,
            series: 0,
            shape: SeriesShape { width: 0, special: CellKind::Integer },
            generation: 0,
        }
    }

    pub(crate) const fn first(&self) -> Slot {
        self.first
    }

    /// The cells of the first series.
    pub(crate) const fn cells(&self) -> Cells {
        Cells::guarded(self.first, self.generation)
    }

    /// Whether the former sums can be taken away: an infinite one cannot, and such slots are lost. Guarded ones start anew.
    fn can_be_used_again(&self) -> bool {
        let sum = |series: usize| {
            Cells::unguarded(self.first.plus(series * self.shape.width))
                .sum_owned_f64(self.shape.special_at())
        };
        self.shape.special != CellKind::Float
            || self.generation != 0
            || (0..self.series).all(|series| sum(series).is_finite())
    }

    /// Brings used slots back to zero.
    fn reset(&self) {
        for series in 0..self.series {
            let cells = Cells::unguarded(self.first.plus(series * self.shape.width));
            for at in 0..self.shape.width {
                let start = match self.shape.word(at) {
                    CellKind::Integer | CellKind::Mark => cells.sum_owned(at).wrapping_neg(),
                    CellKind::Float => {
                        thread_delta::unless_any(|| slab::clear(cells.word(at)));
                        (-cells.sum_owned_f64(at)).to_bits()
                    }
                    CellKind::Shared => 0,
                };
                cells.set_shared(at, start);
            }
        }
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if self.series > 0 && self.shape.width > 0 && self.can_be_used_again() {
            let used = Use { series: self.series, shape: self.shape, guarded: self.generation != 0 };
            lock(&ALLOCATOR).free.entry(used).or_default().push(self.first);
        }
    }
}
