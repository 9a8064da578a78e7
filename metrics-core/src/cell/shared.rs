//! The slab that all threads write, with locked operations.

use std::sync::atomic::Ordering::{Acquire, Release};

use super::chunk::{Chunk, PAGE_CHUNKS, PAGES, Slot};
use crate::sync::{AtomicU64, Mutex, MutexGuard, OnceBox, boxes, global, lock, locks, size};

struct Page([OnceBox<Chunk>; PAGE_CHUNKS]);

global!(DIRECTORY: [OnceBox<Page>; PAGES] = boxes());

/// The shared cell of a slot, made on first touch; the sink has none.
pub(super) fn cell(slot: Slot) -> Option<&'static AtomicU64> {
    let page = DIRECTORY.get(slot.chunk() / PAGE_CHUNKS)?.get_or_init(|| Box::new(Page(boxes())));
    Some(page.0[slot.chunk() % PAGE_CHUNKS].get_or_init(Chunk::boxed).cell(slot))
}

/// The chunk of shared cells that holds a slot, where it was touched.
pub(super) fn chunk(slot: Slot) -> Option<&'static Chunk> {
    DIRECTORY.get(slot.chunk() / PAGE_CHUNKS)?.get()?.0[slot.chunk() % PAGE_CHUNKS].get()
}

/// The shared cell's bits, zero where it was never touched.
#[inline]
pub(super) fn get(slot: Slot) -> u64 {
    chunk(slot).map_or(0, |chunk| chunk.cell(slot).load(Acquire))
}

/// Which series has guarded slots now: the shared cell of the first of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    generation: u32,
    /// How many words it has.
    width: u32,
}

/// The guard of a series' first slot.
#[allow(clippy::cast_possible_truncation)] // the two halves
pub(super) fn guard(slot: Slot) -> Guard {
    let bits = get(slot);
    Guard { generation: bits as u32, width: (bits >> 32) as u32 }
}

impl Guard {
    /// How many words the series has, if it is the one of this generation.
    pub(super) fn width_of(self, generation: u32) -> Option<usize> {
        (self.generation == generation).then_some(self.width as usize)
    }
}

/// Locks the shared cells of a guarded series.
pub(super) fn lock_guard(slot: Slot) -> MutexGuard<'static, ()> {
    const LENGTH: usize = size(64, 2);
    global!(LOCKS: [Mutex<()>; LENGTH] = locks());
    lock(&LOCKS[slot.number() as usize % LOCKS.len()])
}

/// Gives guarded slots to the next series: its generation, with its shared cells at zero.
pub(super) fn next_generation(slot: Slot, width: u32) -> u32 {
    let _locked = lock_guard(slot);
    // Zero means that a series is not guarded.
    let generation = guard(slot).generation.wrapping_add(1).max(1);
    let store = |at: usize, bits: u64| {
        if let Some(cell) = cell(slot.plus(at)) {
            cell.store(bits, Release);
        }
    };
    (1..=width as usize).for_each(|at| store(at, 0));
    store(0, u64::from(width) << 32 | u64::from(generation));
    generation
}
