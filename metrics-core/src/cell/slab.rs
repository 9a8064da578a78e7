//! Slabs: the cells of one thread at a time, and the list of all of them.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use super::{
    slot::{CHUNK_CELLS, NEAR, Slot},
    thread_series_cache::ThreadSeriesCache,
};
use crate::sync::{AtomicU64, Mutex, OnceRef, global, lock, size, zeroes};

/// Most slabs that threads have; further threads count in the shared cells.
pub(super) const LIMIT: usize = size(256, 2);

/// Most slabs beyond the limit, into which those of ended threads are folded.
const SPARE: usize = 8;

/// The cells of neighbouring slots.
type Chunk = [AtomicU64; CHUNK_CELLS];

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
    cells: Mutex<Versions<SlabCells>>,
    /// Series that its threads have looked up.
    series_cache: Mutex<Versions<ThreadSeriesCache>>,
}

/// The present value of what is replaced by something larger, and all former ones, of which a reader may still have one.
///
/// As sizes double, the former ones are smaller than the present one together. They are here so that a leak detector finds them.
#[derive(Debug)]
struct Versions<T> {
    now: T,
    former: Vec<T>,
}

impl<T> Versions<T> {
    const fn new(now: T) -> Self {
        Self { now, former: Vec::new() }
    }

    fn replace(&mut self, next: T) {
        self.former.push(std::mem::replace(&mut self.now, next));
    }
}

/// The slabs whose sums are those of all threads, at one time. What is read in one list is consistent, whatever is folded
/// meanwhile.
#[derive(Clone, Debug, Default)]
pub(super) struct SlabList(Option<Arc<Vec<&'static Slab>>>);

impl SlabList {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static Slab> {
        self.0.iter().flat_map(|slabs| slabs.iter().copied())
    }
}

global! {
    SLABS: Mutex<Slabs> = Mutex::new(Slabs {
        list: SlabList(None),
        ended: Vec::new(),
        empty: Vec::new(),
        former: VecDeque::new(),
        made: 0,
    })
}

global! {
    /// Number of slabs without a thread in the list of all.
    ENDED: AtomicU64 = AtomicU64::new(0)
}

struct Slabs {
    list: SlabList,
    /// Slabs in the list whose threads have ended.
    ended: Vec<&'static Slab>,
    /// Slabs at zero, which are in no list.
    empty: Vec<&'static Slab>,
    /// Former lists that somebody may still read, the oldest first, with the slabs that are not in the next one.
    former: VecDeque<(SlabList, Vec<&'static Slab>)>,
    made: usize,
}

/// Most bytes of all caches of series together.
const MOST_CACHED: u64 = 64 << 20;

global! {
    /// Number of bytes of all caches of series.
    CACHED: AtomicU64 = AtomicU64::new(0)
}

global! {
    /// Number of chunks' worth of cells that all slabs have together.
    CHUNKS: AtomicU64 = AtomicU64::new(0)
}

impl SlabCells {
    /// No cells.
    pub(super) const NONE: Self = Self { near: &[], far: &[] };

    /// Returns the cell of a slot, where it was touched.
    pub(super) fn cell(self, slot: Slot) -> Option<&'static AtomicU64> {
        self.near.get(slot.index()).or_else(|| self.far_cell(slot))
    }

    /// Returns the cell of a slot past the near ones, where it was touched.
    #[inline]
    pub(super) fn far_cell(self, slot: Slot) -> Option<&'static AtomicU64> {
        Some(&self.far.get(slot.chunk())?.get()?[slot.offset()])
    }

    /// Returns the cells from a slot on, at least to the border of its chunk if it was touched.
    pub(super) fn cells_from(self, slot: Slot) -> &'static [AtomicU64] {
        let far = || self.far.get(slot.chunk())?.get()?.get(slot.offset()..);
        self.near.get(slot.index()..).filter(|near| !near.is_empty()).or_else(far).unwrap_or_default()
    }

    /// Returns the chunks past the near cells that were touched, each with its number.
    pub(super) fn far_chunks(self) -> impl Iterator<Item = (usize, &'static [AtomicU64])> {
        let touched = |(number, entry): (usize, &'static OnceRef<'static, Chunk>)| {
            Some((number, entry.get()?.as_slice()))
        };
        self.far.iter().enumerate().filter_map(touched)
    }

    /// Sets all cells to zero; nobody else has them.
    fn clear(self) {
        let far = self.far_chunks().flat_map(|(_, chunk)| chunk);
        self.near.iter().chain(far).for_each(|cell| cell.store(0, Relaxed));
    }
}

impl Slab {
    fn leaked() -> &'static Self {
        let cells = Mutex::new(Versions::new(SlabCells::NONE));
        let series_cache = Mutex::new(Versions::new(ThreadSeriesCache::NONE));
        Box::leak(Box::new(Self { cells, series_cache }))
    }

    /// Returns a slab for the current thread, or `None` past the limit.
    ///
    /// The lock also orders what the former thread wrote before what the new one reads.
    pub(super) fn acquire() -> Option<&'static Self> {
        let mut slabs = lock(&SLABS);
        if let Some(slab) = slabs.ended.pop() {
            ENDED.fetch_sub(1, Relaxed);
            return Some(slab);
        }
        let slab = slabs.empty_or_new(LIMIT)?;
        slabs.replace(&[], &[slab]);
        Some(slab)
    }

    /// Gives the slab to the next thread that asks.
    pub(super) fn release(&'static self) {
        lock(&SLABS).ended.push(self);
        ENDED.fetch_add(1, Relaxed);
    }

    pub(super) fn cells(&self) -> SlabCells {
        lock(&self.cells).now
    }

    /// Returns the cache of the slab's former threads, or a larger one where that is what the present thread has, as far as there
    /// is memory for it. Only the thread that has the slab calls this.
    pub(super) fn grow_series_cache(&self, present: ThreadSeriesCache) -> ThreadSeriesCache {
        let mut cache = lock(&self.series_cache);
        if cache.now.is_larger_than(present) {
            return cache.now;
        }
        let room = |taken: u64| {
            taken.checked_add(cache.now.larger_size()? as u64).filter(|taken| *taken <= MOST_CACHED)
        };
        if CACHED.fetch_update(Relaxed, Relaxed, room).is_ok() {
            let larger = cache.now.larger();
            cache.replace(larger);
        }
        cache.now
    }

    /// Makes the cell of `slot`, unless there are too many in all; only the thread that has the slab calls this.
    pub(super) fn touch(&self, slot: Slot) -> SlabCells {
        self.touch_within(slot, take_room)
    }

    /// Makes the cell of `slot` in a slab that takes the sums of others, of which there are few.
    pub(super) fn touch_always(&self, slot: Slot) -> SlabCells {
        self.touch_within(slot, |_, _| true)
    }

    fn touch_within(&self, slot: Slot, take_room: impl Fn(Slot, usize) -> bool) -> SlabCells {
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
                entry.get_or_init(|| Box::leak(Box::new(zeroes())));
            }
        }
        cells
    }

    /// Sets the cell of a slot to zero, which no thread has any more. The lock orders this with a thread that copies its near
    /// cells for others.
    pub(super) fn clear(&self, slot: Slot) {
        let kept = lock(&self.cells);
        if let Some(cell) = kept.now.cell(slot) {
            cell.store(0, Relaxed);
        }
    }
}

impl Slabs {
    /// Returns a slab at zero that is in no list, as long as fewer than `limit` were made.
    fn empty_or_new(&mut self, limit: usize) -> Option<&'static Slab> {
        if let Some(slab) = self.empty.pop() {
            return Some(slab);
        }
        if self.made >= limit {
            return None;
        }
        self.made += 1;
        Some(Slab::leaked())
    }

    /// Replaces the list of all by one without some slabs and with others.
    fn replace(&mut self, without: &[&'static Slab], with: &[&'static Slab]) {
        let is_left = |slab: &&'static Slab| !without.iter().any(|gone| std::ptr::eq(*gone, *slab));
        let next = self.list.iter().filter(is_left).chain(with.iter().copied()).collect();
        let former = std::mem::replace(&mut self.list, SlabList(Some(Arc::new(next))));
        self.former.push_back((former, without.to_vec()));
    }

    /// Removes the slabs that nobody reads any more from the former lists.
    fn take_unread(&mut self) -> Vec<&'static Slab> {
        let mut unread = Vec::new();
        while let Some((SlabList(list), gone)) = self.former.front_mut() {
            // Nobody else has it, and what its last reader has read comes before this.
            if list.as_mut().is_some_and(|list| Arc::get_mut(list).is_none()) {
                break;
            }
            unread.append(gone);
            self.former.pop_front();
        }
        unread
    }
}

/// Returns the slabs whose sums are those of all threads.
pub(super) fn all() -> SlabList {
    lock(&SLABS).list.clone()
}

/// Calls `read` with the slabs whose sums are those of all threads. No slab comes or goes meanwhile, so that it has to be short.
pub(super) fn with_all<R>(read: impl FnOnce(&SlabList) -> R) -> R {
    read(&lock(&SLABS).list)
}

/// Returns the number of slabs whose threads have ended, and that hold what those have counted.
#[inline]
pub(super) fn ended() -> u64 {
    ENDED.load(Relaxed)
}

/// Slabs without a thread that are being folded: no thread gets one of them.
#[derive(Debug)]
pub(super) struct Folding {
    /// Slabs of threads that have ended, which are still in the list of all.
    pub(super) ended: Vec<&'static Slab>,
    /// Slabs that take their sums, which are not in the list.
    pub(super) folded: Vec<&'static Slab>,
}

impl Folding {
    /// Takes all slabs of ended threads.
    pub(super) fn begin() -> Self {
        let unread = lock(&SLABS).take_unread();
        for slab in &unread {
            slab.cells().clear();
        }
        let mut slabs = lock(&SLABS);
        slabs.empty.extend(unread);
        let ended = std::mem::take(&mut slabs.ended);
        ENDED.fetch_sub(ended.len() as u64, Relaxed);
        Self { ended, folded: Vec::new() }
    }

    /// Returns one of the slabs that take the sums; `None` where there are too many.
    pub(super) fn target(&mut self, at: usize) -> Option<&'static Slab> {
        while self.folded.len() <= at {
            let slab = lock(&SLABS).empty_or_new(LIMIT + SPARE)?;
            self.folded.push(slab);
        }
        self.folded.get(at).copied()
    }

    /// Puts the folded slabs in the list of all, in place of those whose sums they have.
    pub(super) fn finish(self) {
        let Self { ended, folded } = self;
        let mut slabs = lock(&SLABS);
        slabs.replace(&ended, &folded);
        ENDED.fetch_add(folded.len() as u64, Relaxed);
        slabs.ended.extend(folded);
    }

    /// Leaves everything as it was.
    pub(super) fn give_up(self) {
        let Self { ended, folded } = self;
        for slab in &folded {
            slab.cells().clear();
        }
        let mut slabs = lock(&SLABS);
        slabs.empty.extend(folded);
        ENDED.fetch_add(ended.len() as u64, Relaxed);
        slabs.ended.extend(ended);
    }
}

/// Takes the room of `chunks` chunks for a slot, if there is any.
fn take_room(slot: Slot, chunks: usize) -> bool {
    let room = |made: u64| made.checked_add(chunks as u64).filter(|made| *made <= most_chunks(slot.chunk()));
    CHUNKS.fetch_update(Relaxed, Relaxed, room).is_ok()
}

/// Most chunks of all slabs together, when slots reach up to a chunk: eight times the need of one thread, and 64 MiB. A chunk
/// past that is not made, and its slots count in the shared cells.
const fn most_chunks(chunk: usize) -> u64 {
    16_384 + 8 * (chunk as u64 + 1)
}

/// Returns a longer slice with the same values. Nobody else writes the former one, and after this nobody does: a reader that
/// still has it reads the values of that time.
fn longer_near(near: &[AtomicU64], length: usize) -> &'static [AtomicU64] {
    let values = near.iter().map(|cell| cell.load(Relaxed)).chain(std::iter::repeat(0)).take(length);
    Box::leak(values.map(AtomicU64::new).collect())
}

/// Returns a directory with the same chunks and room for at least `length`.
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

/// Number of slabs in the list, for models, which start with none.
#[cfg(all(test, metrics_core_loom))]
pub(crate) fn number_of_slabs() -> usize {
    all().iter().count()
}
