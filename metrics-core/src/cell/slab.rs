//! Slabs: the cells of one thread at a time, and the list of all of them.

use std::sync::{PoisonError, atomic::Ordering::Relaxed};

use super::chunk::{Chunk, Slot};
use crate::sync::{AtomicU64, Mutex, MutexGuard, OnceRef, global, size};

/// The most slabs there are; further threads count in the shared slab.
pub(super) const LIMIT: usize = size(256, 2);

/// The chunks of a slab by number, those touched so far.
pub(super) type Directory = &'static [OnceRef<'static, Chunk>];

/// The cells of one thread at a time. Slabs live as long as the program and go from thread to thread.
#[derive(Debug)]
pub(super) struct Slab {
    /// Replaced by a longer one when a slot lies past its end. The one replaced is kept for a reader that still has it; as
    /// lengths double, all of a slab's former directories together are shorter than its present one.
    directory: Mutex<Directory>,
    /// The next slab in the list of all.
    next: OnceRef<'static, Slab>,
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
    /// How many chunks all slabs have together.
    CHUNKS: AtomicU64 = AtomicU64::new(0)
}

/// Locks, also after a panic elsewhere: every critical section here leaves the value whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        let slab: &'static Self =
            Box::leak(Box::new(Self { directory: Mutex::new(&[]), next: OnceRef::new() }));
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

    pub(super) fn directory(&self) -> Directory {
        *lock(&self.directory)
    }

    /// Makes the chunk of `slot`, unless there are too many in all; only the thread that has the slab calls this.
    pub(super) fn touch(&self, slot: Slot) -> Directory {
        let mut directory = lock(&self.directory);
        let made = directory.get(slot.chunk()).and_then(OnceRef::get).is_some();
        if !made && !take_room(slot.chunk()) {
            return *directory;
        }
        if slot.chunk() >= directory.len() {
            *directory = longer(&directory, slot.chunk() + 1);
        }
        if let Some(entry) = directory.get(slot.chunk()) {
            entry.get_or_init(|| Box::leak(Chunk::boxed()));
        }
        *directory
    }
}

/// Takes the room of a chunk, if there is any.
fn take_room(chunk: usize) -> bool {
    let room = |made: u64| (made < most_chunks(chunk)).then_some(made + 1);
    CHUNKS.fetch_update(Relaxed, Relaxed, room).is_ok()
}

/// The most chunks of all slabs together, when slots reach up to a chunk: what one thread needs for them eight times, and
/// 64 MiB. A chunk past that is not made, and its slots count in the shared slab.
const fn most_chunks(chunk: usize) -> u64 {
    16_384 + 8 * (chunk as u64 + 1)
}

/// A directory with the same chunks and room for at least `length`.
fn longer(directory: Directory, length: usize) -> Directory {
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

/// All slabs, those without a thread included.
pub(super) fn all() -> impl Iterator<Item = &'static Slab> {
    std::iter::successors(FIRST.get(), |slab| slab.next.get())
}

/// For models, which start with none.
#[cfg(all(test, loom))]
pub(crate) fn number_of_slabs() -> usize {
    all().count()
}
