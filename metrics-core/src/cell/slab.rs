//! Slabs: the cells of one thread at a time, and the list of all of them.

use std::sync::atomic::Ordering::Relaxed;

use super::{
    chunk::{CHUNK_CELLS, Chunk, NEAR, Slot},
    thread_series_cache::ThreadSeriesCache,
};
use crate::sync::{AtomicU64, Mutex, OnceBox, OnceRef, global, lock, size};

/// The most slabs there are; further threads count in the shared slab.
pub(super) const LIMIT: usize = size(256, 2);

/// The chunks of a slab by number, those touched so far.
type Directory = &'static [OnceRef<'static, Chunk>];

/// The cells of a slab at some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlabCells {
    /// Those of the first slots, see [`NEAR`].
    pub(super) near: &'static [AtomicU64],
    /// Those past them.
    far: Directory,
}

/// The cells of one thread at a time. Slabs live as long as the program and go from thread to thread.
#[derive(Debug)]
pub(super) struct Slab {
    cells: Mutex<Kept>,
    /// What its threads have looked up.
    recent: OnceBox<ThreadSeriesCache>,
    /// The next slab in the list of all.
    next: OnceRef<'static, Slab>,
}

/// What a slab has and had.
#[derive(Debug)]
struct Kept {
    /// Each of the two is replaced by a longer one when a slot lies past its end.
    now: SlabCells,
    /// Those replaced, for a reader that still has one; as lengths double, all of them together are shorter than the present
    /// one. They are here so that a leak detector finds them.
    former: Vec<SlabCells>,
}

global! {
    /// The first slab in the list of all.
    FIRST: OnceRef<'static, Slab> = OnceRef::new()
}

global! {
    /// The slabs without a thread.
    FREE: Mutex<FreeSlabs> = Mutex::new(FreeSlabs { slabs: Vec::new(), last: None, made: 0 })
}

struct FreeSlabs {
    slabs: Vec<&'static Slab>,
    last: Option<&'static Slab>,
    made: usize,
}

global! {
    /// How many chunks' worth of cells all slabs have together.
    CHUNKS: AtomicU64 = AtomicU64::new(0)
}

impl SlabCells {
    /// None yet.
    pub(super) const NONE: Self = Self { near: &[], far: &[] };

    /// The cell of a slot, where it was touched.
    pub(super) fn cell(self, slot: Slot) -> Option<&'static AtomicU64> {
        self.near.get(slot.index()).or_else(|| Some(self.chunk(slot)?.cell(slot)))
    }

    /// The cells from a slot on, at least to the border of its chunk if it was touched.
    pub(super) fn cells_from(self, slot: Slot) -> &'static [AtomicU64] {
        let far = || Some(self.chunk(slot)?.cells_from(slot.offset()));
        self.near.get(slot.index()..).filter(|near| !near.is_empty()).or_else(far).unwrap_or_default()
    }

    /// The chunks past the near cells that were touched, each with its number.
    pub(super) fn far_chunks(self) -> impl Iterator<Item = (usize, &'static [AtomicU64])> {
        let touched = |(number, entry): (usize, &'static OnceRef<'static, Chunk>)| {
            Some((number, entry.get()?.cells_from(0)))
        };
        self.far.iter().enumerate().filter_map(touched)
    }

    fn chunk(self, slot: Slot) -> Option<&'static Chunk> {
        self.far.get(slot.chunk())?.get()
    }
}

impl Slab {
    /// A slab for the current thread, or `None` past the limit.
    ///
    /// The lock also orders what the former thread wrote before what the new one reads.
    pub(super) fn acquire() -> Option<&'static Self> {
        let mut free = lock(&FREE);
        if let Some(slab) = free.slabs.pop() {
            return Some(slab);
        }
        if free.made == LIMIT {
            return None;
        }
        let slab: &'static Self = Box::leak(Box::new(Self {
            cells: Mutex::new(Kept { now: SlabCells::NONE, former: Vec::new() }),
            recent: OnceBox::new(),
            next: OnceRef::new(),
        }));
        let first: &OnceRef<'static, Self> = &FIRST;
        let link = free.last.map_or(first, |last| &last.next);
        link.set(slab).ok()?;
        free.last = Some(slab);
        free.made += 1;
        Some(slab)
    }

    /// Gives the slab to the next thread that asks.
    pub(super) fn release(&'static self) {
        lock(&FREE).slabs.push(self);
    }

    pub(super) fn cells(&self) -> SlabCells {
        lock(&self.cells).now
    }

    /// Where the thread that has the slab remembers what it has looked up.
    pub(super) fn recent(&'static self) -> &'static ThreadSeriesCache {
        self.recent.get_or_init(ThreadSeriesCache::boxed)
    }

    /// Makes the cell of `slot`, unless there are too many in all; only the thread that has the slab calls this.
    pub(super) fn touch(&self, slot: Slot) -> SlabCells {
        let mut kept = lock(&self.cells);
        let mut cells = kept.now;
        if cells.cell(slot).is_some() {
            return cells;
        }
        if slot.index() < NEAR {
            let length = (slot.index() + 1).next_power_of_two().max(CHUNK_CELLS);
            if take_room(slot, length / CHUNK_CELLS) {
                cells.near = longer_near(cells.near, length);
                kept.replace(cells);
            }
        } else if take_room(slot, 1) {
            if slot.chunk() >= cells.far.len() {
                cells.far = longer_far(cells.far, slot.chunk() + 1);
                kept.replace(cells);
            }
            if let Some(entry) = cells.far.get(slot.chunk()) {
                entry.get_or_init(|| Box::leak(Chunk::boxed()));
            }
        }
        cells
    }
}

impl Kept {
    fn replace(&mut self, cells: SlabCells) {
        self.former.push(self.now);
        self.now = cells;
    }
}

/// Takes the room of so many chunks for a slot, if there is any.
fn take_room(slot: Slot, chunks: usize) -> bool {
    let room = |made: u64| made.checked_add(chunks as u64).filter(|made| *made <= most_chunks(slot.chunk()));
    CHUNKS.fetch_update(Relaxed, Relaxed, room).is_ok()
}

/// The most chunks of all slabs together, when slots reach up to a chunk: what one thread needs for them eight times, and
/// 64 MiB. A chunk past that is not made, and its slots count in the shared slab.
const fn most_chunks(chunk: usize) -> u64 {
    16_384 + 8 * (chunk as u64 + 1)
}

/// A longer slice with the same values. Nobody else writes the former one, and after this nobody does: a reader that still has
/// it reads what there was when it got it.
fn longer_near(near: &[AtomicU64], length: usize) -> &'static [AtomicU64] {
    let values = near.iter().map(|cell| cell.load(Relaxed)).chain(std::iter::repeat(0)).take(length);
    Box::leak(values.map(AtomicU64::new).collect())
}

/// A directory with the same chunks and room for at least `length`.
fn longer_far(directory: Directory, length: usize) -> Directory {
    let length = length.next_power_of_two().max(size(8, 1));
    let chunks = directory.iter().map(OnceRef::get).chain(std::iter::repeat(None)).take(length);
    let entries = chunks.map(|chunk| {
        let entry = OnceRef::new();
        if let Some(chunk) = chunk {
            entry.get_or_init(|| chunk);
        }
        entry
    });
    Box::leak(entries.collect())
}

/// Sets the cells of a slot to zero, which no thread has any more. The locks order this with a thread that copies its near
/// cells for others.
pub(super) fn clear(slot: Slot) {
    for slab in all() {
        let kept = lock(&slab.cells);
        if let Some(cell) = kept.now.cell(slot) {
            cell.store(0, Relaxed);
        }
    }
}

/// All slabs, those without a thread included.
pub(super) fn all() -> impl Iterator<Item = &'static Slab> {
    std::iter::successors(FIRST.get(), |slab| slab.next.get())
}

/// For models, which start with none.
#[cfg(all(test, loom))]
pub(crate) fn number_of_slabs() -> usize {
    all().count()
}
