//! Slabs: the cells of one thread at a time, and the list of all of them.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
};

use super::{
    slot::{CHUNK_CELLS, FLAT_SLOTS, Slot},
    thread_series_cache::ThreadSeriesCache,
    versions::Versions,
};
use crate::sync::{AtomicU64, Mutex, OnceRef, global, lock, size, zeroes};

/// Largest number of slabs of threads; further threads count in the shared cells.
pub(super) const LIMIT: usize = size(256, 2);

/// Largest number of additional slabs, into which those of ended threads are folded.
const SPARE: usize = 8;

/// Cells of neighbouring slots.
type Chunk = [AtomicU64; CHUNK_CELLS];

/// Touched chunks of a slab, by number.
pub(super) type Directory = &'static [OnceRef<'static, Chunk>];

/// Cells of a slab at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlabCells {
    /// Cells of the flat slots, see [`FLAT_SLOTS`].
    pub(super) flat: &'static [AtomicU64],
    /// Cells of the other slots.
    pub(super) chunked: Directory,
}

/// Cells of one thread at a time. Slabs live as long as the program and pass from thread to thread.
#[derive(Debug)]
pub(super) struct Slab {
    cells: Mutex<Versions<SlabCells>>,
    /// Cache of the series that its threads have looked up.
    series_cache: Mutex<Versions<ThreadSeriesCache>>,
}

/// List of the slabs whose sums are those of all threads at one time. Reads of one list are consistent, also during folding.
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
    /// Number of slabs in the list without a thread.
    ENDED: AtomicU64 = AtomicU64::new(0)
}

struct Slabs {
    list: SlabList,
    /// Slabs in the list whose threads have ended.
    ended: Vec<&'static Slab>,
    /// Unused slabs, which are zero and in no list.
    empty: Vec<&'static Slab>,
    /// Former lists that may have readers, the oldest first, with the slabs that the next list lacks.
    former: VecDeque<(SlabList, Vec<&'static Slab>)>,
    made: usize,
}

/// Largest number of bytes of all caches of series together.
const MOST_CACHED: u64 = 64 << 20;

global! {
    /// Number of bytes of all caches of series.
    CACHED: AtomicU64 = AtomicU64::new(0)
}

global! {
    /// Number of changes of the list of slabs and of their slices of cells, plus one.
    VERSION: AtomicU64 = AtomicU64::new(1)
}

global! {
    /// Number of cells of all slabs together, in chunks.
    CHUNKS: AtomicU64 = AtomicU64::new(0)
}

impl SlabCells {
    /// No cells.
    pub(super) const NONE: Self = Self { flat: &[], chunked: &[] };

    /// Returns the cell of a slot, if it was touched.
    pub(super) fn cell(self, slot: Slot) -> Option<&'static AtomicU64> {
        self.flat.get(slot.index()).or_else(|| self.chunked_cell(slot))
    }

    /// Returns the cell of a slot past the flat ones, if it was touched.
    #[inline]
    pub(super) fn chunked_cell(self, slot: Slot) -> Option<&'static AtomicU64> {
        Some(&self.chunked.get(slot.chunk())?.get()?[slot.offset()])
    }

    /// Returns the cells from a slot on, at least to the end of its chunk if that was touched.
    pub(super) fn cells_from(self, slot: Slot) -> &'static [AtomicU64] {
        let chunked = || self.chunked.get(slot.chunk())?.get()?.get(slot.offset()..);
        self.flat.get(slot.index()..).filter(|flat| !flat.is_empty()).or_else(chunked).unwrap_or_default()
    }

    /// Returns the touched chunks past the flat cells with their numbers.
    pub(super) fn chunks(self) -> impl Iterator<Item = (usize, &'static [AtomicU64])> {
        let touched = |(number, entry): (usize, &'static OnceRef<'static, Chunk>)| {
            Some((number, entry.get()?.as_slice()))
        };
        self.chunked.iter().enumerate().filter_map(touched)
    }

    /// Sets all cells to zero. The slab must not be in use.
    fn clear(self) {
        let chunked = self.chunks().flat_map(|(_, chunk)| chunk);
        self.flat.iter().chain(chunked).for_each(|cell| cell.store(0, Relaxed));
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
    /// The lock also orders the writes of the former thread before the reads of the new one.
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

    /// Makes the slab available to the next thread.
    pub(super) fn release(&'static self) {
        lock(&SLABS).ended.push(self);
        ENDED.fetch_add(1, Relaxed);
    }

    pub(super) fn cells(&self) -> SlabCells {
        lock(&self.cells).now
    }

    /// Returns the cache of series of the slab's former threads, or a larger one if the current thread needs it and there is memory for
    /// it. Only the thread that owns the slab may call this.
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

    /// Replaces the slices of cells. A reader with the former ones does not see later counts.
    fn replace_cells(kept: &mut Versions<SlabCells>, cells: SlabCells) {
        kept.replace(cells);
        VERSION.fetch_add(1, Release);
    }

    /// Creates the cell of a slot, unless all slabs together have too many. Only the thread that owns the slab may call this.
    pub(super) fn touch(&self, slot: Slot) -> SlabCells {
        self.touch_within(slot, take_room)
    }

    /// Creates the cell of a slot in a slab that receives sums, of which there are few.
    pub(super) fn touch_always(&self, slot: Slot) -> SlabCells {
        self.touch_within(slot, |_, _| true)
    }

    fn touch_within(&self, slot: Slot, take_room: impl Fn(Slot, usize) -> bool) -> SlabCells {
        let mut kept = lock(&self.cells);
        let mut cells = kept.now;
        if cells.cell(slot).is_some() {
            return cells;
        }
        if slot.index() < FLAT_SLOTS {
            let length = (slot.index() + 1).next_power_of_two().max(CHUNK_CELLS);
            if take_room(slot, length / CHUNK_CELLS) {
                cells.flat = longer_flat(cells.flat, length);
                Self::replace_cells(&mut kept, cells);
            }
        } else if take_room(slot, 1) {
            if slot.chunk() >= cells.chunked.len() {
                cells.chunked = longer_directory(cells.chunked, slot.chunk() + 1);
                Self::replace_cells(&mut kept, cells);
            }
            if let Some(entry) = cells.chunked.get(slot.chunk()) {
                entry.get_or_init(|| Box::leak(Box::new(zeroes())));
            }
        }
        cells
    }

    /// Sets the cell of an unused slot to zero. The lock orders this with a thread that copies its flat cells.
    pub(super) fn clear(&self, slot: Slot) {
        let kept = lock(&self.cells);
        if let Some(cell) = kept.now.cell(slot) {
            cell.store(0, Relaxed);
        }
    }
}

impl Slabs {
    /// Returns an unused slab, if one exists or fewer than `limit` were created.
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

    /// Replaces the list by one without some slabs and with others.
    fn replace(&mut self, without: &[&'static Slab], with: &[&'static Slab]) {
        let is_left = |slab: &&'static Slab| !without.iter().any(|gone| std::ptr::eq(*gone, *slab));
        let next = self.list.iter().filter(is_left).chain(with.iter().copied()).collect();
        let former = std::mem::replace(&mut self.list, SlabList(Some(Arc::new(next))));
        self.former.push_back((former, without.to_vec()));
        VERSION.fetch_add(1, Release);
    }

    /// Frees the slabs of former lists without readers.
    fn take_unread(&mut self) -> Vec<&'static Slab> {
        let mut unread = Vec::new();
        while let Some((SlabList(list), gone)) = self.former.front_mut() {
            // The list has no readers, and their reads happen before this.
            if list.as_mut().is_some_and(|list| Arc::get_mut(list).is_none()) {
                break;
            }
            unread.append(gone);
            self.former.pop_front();
        }
        unread
    }
}

/// Returns a number that changes with the list of slabs and their slices of cells. It is not zero.
#[inline]
pub(super) fn version() -> u64 {
    VERSION.load(Acquire)
}

/// Returns the list of slabs whose sums are those of all threads.
pub(super) fn all() -> SlabList {
    lock(&SLABS).list.clone()
}

/// Calls a function with the list of slabs whose sums are those of all threads. The list cannot change during the call, so it has to
/// be short.
pub(super) fn with_all<R>(read: impl FnOnce(&SlabList) -> R) -> R {
    read(&lock(&SLABS).list)
}

/// Returns the number of slabs of ended threads in the list.
#[inline]
pub(super) fn ended() -> u64 {
    ENDED.load(Relaxed)
}

/// Slabs without a thread during folding. No thread gets one of them.
#[derive(Debug)]
pub(super) struct Folding {
    /// Slabs of ended threads, which are still in the list.
    pub(super) ended: Vec<&'static Slab>,
    /// Slabs that receive the sums, which are not in the list.
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

    /// Returns one of the slabs that receive the sums; `None` if there are too many.
    pub(super) fn target(&mut self, at: usize) -> Option<&'static Slab> {
        while self.folded.len() <= at {
            let slab = lock(&SLABS).empty_or_new(LIMIT + SPARE)?;
            self.folded.push(slab);
        }
        self.folded.get(at).copied()
    }

    /// Replaces the slabs of ended threads in the list by those that have their sums.
    pub(super) fn finish(self) {
        let Self { ended, folded } = self;
        let mut slabs = lock(&SLABS);
        slabs.replace(&ended, &folded);
        ENDED.fetch_add(folded.len() as u64, Relaxed);
        slabs.ended.extend(folded);
    }

    /// Ends the folding without a change.
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

/// Reserves the room of `chunks` chunks for a slot, if there is enough.
fn take_room(slot: Slot, chunks: usize) -> bool {
    let room = |made: u64| made.checked_add(chunks as u64).filter(|made| *made <= most_chunks(slot.chunk()));
    CHUNKS.fetch_update(Relaxed, Relaxed, room).is_ok()
}

/// Returns the largest number of chunks of all slabs together, for slots up to a chunk: eight times the need of one thread plus 64 MiB.
/// Further chunks are not created, and their slots count in the shared cells.
const fn most_chunks(chunk: usize) -> u64 {
    16_384 + 8 * (chunk as u64 + 1)
}

/// Returns a longer slice with the same values. Only the caller writes the former one, and stops with this call. A reader of the former
/// one sees the values of that time.
fn longer_flat(flat: &[AtomicU64], length: usize) -> &'static [AtomicU64] {
    let values = flat.iter().map(|cell| cell.load(Relaxed)).chain(std::iter::repeat(0)).take(length);
    Box::leak(values.map(AtomicU64::new).collect())
}

/// Returns a directory with the same chunks and room for at least `length`.
fn longer_directory(directory: Directory, length: usize) -> Directory {
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

/// Returns the number of slabs in the list, for models, which start with none.
#[cfg(all(test, metrics_core_loom))]
pub(crate) fn number_of_slabs() -> usize {
    all().iter().count()
}
