//! Ownership of slots.

use std::{collections::BTreeMap, mem::ManuallyDrop, ops::Range};

use super::{
    cells::Cells,
    shape::{CellKind, SeriesShape},
    shared,
    slot::{CHUNK_CELLS, FLAT_SLOTS, SLOTS, Slot},
};
use crate::sync::{Mutex, global, lock, size};

/// Slots of one owner, which are freed when it is dropped.
///
/// A reused slot starts at zero without a write to any thread's cell. Guarded slots get a new generation, see [`Cells`]. For others the
/// shared cells get the negative of the former owners' sums, see [`Cells::reset`].
#[derive(Debug)]
pub(crate) struct Slots {
    first: Slot,
    /// Number of series; zero for slots that are not freed.
    series: usize,
    shape: SeriesShape,
    /// Zero if the slots are not guarded.
    generation: u32,
}

/// Largest number of slots of one series.
pub(crate) const MOST_WIDE: usize = CHUNK_CELLS - 1;

global! {
    ALLOCATOR: Mutex<Allocator> =
        Mutex::new(Allocator { flat: Region::new(FIRST..FLAT_SLOTS), chunked: Region::new(FLAT_SLOTS..SLOTS), free: BTreeMap::new() })
}

/// First slot. A cache line before it is unused, as another thread's cells may end in the same line.
const FIRST: usize = size(8, 1);

const _: () = assert!(Slot::UNREAD.index() < FIRST);

/// Largest number of flat slots in one allocation, as a large family would leave none for others.
const MAX_FLAT: usize = FLAT_SLOTS / 4;

struct Allocator {
    flat: Region,
    chunked: Region,
    /// Freed ranges by their use.
    free: BTreeMap<Use, Vec<Slot>>,
}

/// A region of slots.
struct Region {
    /// Slots that were never used.
    left: Range<usize>,
    /// Used slots, in their order.
    taken: Vec<SlotRun>,
}

/// Use of a range of slots, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    series: usize,
    shape: SeriesShape,
    guarded: bool,
}

impl Use {
    /// Number of slots of each series.
    const fn width(self) -> usize {
        self.shape.width + self.guarded as usize
    }
}

/// Neighbouring series of one shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotRun {
    first: usize,
    series: usize,
    pub(super) shape: SeriesShape,
    pub(super) is_guarded: bool,
}

impl SlotRun {
    /// Number of slots of each series.
    const fn width(self) -> usize {
        self.shape.width + self.is_guarded as usize
    }

    /// Returns the first slot of each series.
    pub(super) fn series(self) -> impl Iterator<Item = Slot> {
        let first =
            move |series: usize| u32::try_from(self.first + series * self.width()).ok().map(Slot::new);
        (0..self.series).filter_map(first)
    }
}

impl Allocator {
    /// Allocates a range for this use; returns whether it was used before.
    fn take(&mut self, wanted: Use) -> Option<(Slot, bool)> {
        if let Some(first) = self.free.get_mut(&wanted).and_then(Vec::pop) {
            return Some((first, true));
        }
        let length = wanted.series.checked_mul(wanted.width())?;
        let flat = if length <= MAX_FLAT { self.flat.take(wanted) } else { None };
        let first = flat.or_else(|| self.chunked.take(wanted))?;
        Some((Slot::new(u32::try_from(first).ok()?), false))
    }
}

impl Region {
    const fn new(left: Range<usize>) -> Self {
        Self { left, taken: Vec::new() }
    }

    /// Allocates unused slots. A single series is within one chunk, so that a thread has all of its cells or none.
    fn take(&mut self, wanted: Use) -> Option<usize> {
        let (left, width) = (&mut self.left, wanted.width());
        let room = CHUNK_CELLS - left.start % CHUNK_CELLS;
        let first = if wanted.series == 1 && room < width { left.start + room } else { left.start };
        left.start = wanted.series.checked_mul(width)?.checked_add(first).filter(|end| *end <= left.end)?;
        self.note(first, wanted);
        Some(first)
    }

    fn note(&mut self, first: usize, taken: Use) {
        let Use { series, shape, guarded: is_guarded } = taken;
        match self.taken.last_mut() {
            Some(last)
                if (last.shape, last.is_guarded) == (shape, is_guarded)
                    && last.first + last.series * last.width() == first =>
            {
                last.series += series;
            }
            _ => self.taken.push(SlotRun { first, series, shape, is_guarded }),
        }
    }
}

/// Returns all slots that were ever used.
pub(super) fn allocated() -> Vec<SlotRun> {
    let allocator = lock(&ALLOCATOR);
    [&allocator.flat.taken[..], &allocator.chunked.taken[..]].concat()
}

impl Slots {
    /// Allocates neighbouring slots for `series` series, all at zero; returns `None` if too few are left.
    ///
    /// The caller must clear the exemplars and native buckets of a former owner.
    pub(crate) fn allocate(series: usize, shape: SeriesShape) -> Option<Self> {
        let (slots, used) = Self::take(Use { series, shape, guarded: false })?;
        if used {
            slots.reset();
        }
        Some(slots)
    }

    /// Allocates slots for one series that may be removed while it has handles.
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

    /// Returns the sink, for a metric that could not be registered.
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

    /// Returns the cells of the first series.
    pub(crate) const fn cells(&self) -> Cells {
        Cells::guarded(self.first, self.generation)
    }

    /// Releases the slots of a single series without freeing them; [`of_cells`](Self::of_cells) takes them back.
    pub(crate) fn into_cells(self) -> Cells {
        // Without a drop, which would free them.
        ManuallyDrop::new(self).cells()
    }

    /// Takes back the released slots of a single series.
    pub(crate) const fn of_cells(cells: Cells, shape: SeriesShape) -> Self {
        let series = cells.first().exists() as usize;
        Self { first: cells.first(), series, shape, generation: cells.generation() }
    }

    /// Ends a guarded series, whose handles no longer count.
    pub(crate) fn retire(&self) {
        if self.generation != 0 {
            shared::retire(self.cells());
        }
    }

    /// Returns whether the slots can be reused. Slots with an infinite sum cannot, unless they are guarded.
    fn can_be_used_again(&self) -> bool {
        self.shape.special != CellKind::Float
            || self.generation != 0
            || self.series_cells().all(|cells| cells.sum_owned_f64(self.shape.special_at()).is_finite())
    }

    fn series_cells(&self) -> impl Iterator<Item = Cells> {
        let (first, width) = (self.first, self.shape.width);
        (0..self.series).map(move |series| Cells::unguarded(first.plus(series * width)))
    }

    /// Resets used slots to zero.
    fn reset(&self) {
        self.series_cells().for_each(|cells| cells.reset(self.shape));
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
