//! The slab that all threads write, with locked operations.

use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use once_cell::race::OnceBox;

use super::chunk::{Chunk, Slot};

const PAGES: usize = 256;
const PAGE_CHUNKS: usize = 256;

/// The number of slots that exist: 33 million.
pub(super) const SLOTS: usize = PAGES * PAGE_CHUNKS * super::chunk::CHUNK_CELLS;

struct Page([OnceBox<Chunk>; PAGE_CHUNKS]);

static DIRECTORY: [OnceBox<Page>; PAGES] = [const { OnceBox::new() }; PAGES];

/// The shared cell of a slot, made on first touch.
pub(super) fn cell(slot: Slot) -> &'static AtomicU64 {
    let page = DIRECTORY[slot.chunk() / PAGE_CHUNKS % PAGES]
        .get_or_init(|| Box::new(Page([const { OnceBox::new() }; PAGE_CHUNKS])));
    page.0[slot.chunk() % PAGE_CHUNKS].get_or_init(Chunk::boxed).cell(slot)
}

/// The chunk of shared cells that holds a slot, where it was touched.
pub(super) fn chunk(slot: Slot) -> Option<&'static Chunk> {
    DIRECTORY[slot.chunk() / PAGE_CHUNKS % PAGES].get()?.0[slot.chunk() % PAGE_CHUNKS].get()
}

/// The shared cell's bits, zero where it was never touched.
#[inline]
pub(crate) fn get_shared(slot: Slot) -> u64 {
    chunk(slot).map_or(0, |chunk| chunk.cell(slot).load(Acquire))
}

/// Sets the shared cell.
pub(crate) fn set_shared(slot: Slot, bits: u64) {
    cell(slot).store(bits, Release);
}

/// Adds to the shared cell as a floating-point number.
pub(crate) fn add_shared_f64(slot: Slot, amount: f64) {
    let cell = cell(slot);
    let mut bits = cell.load(Relaxed);
    loop {
        let sum = (f64::from_bits(bits) + amount).to_bits();
        match cell.compare_exchange_weak(bits, sum, Release, Relaxed) {
            Ok(_) => return,
            Err(now) => bits = now,
        }
    }
}
