//! The current thread's slab: the hot path.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{
    chunk::{Chunk, Slot, add_owned, add_owned_f64},
    shared,
    slab::{Directory, Slab},
};

thread_local! {
    /// The chunks of this thread's slab; empty before its first count, after the hand-over and past the limit of slabs.
    /// Without a destructor, so reading it is one load.
    static DIRECTORY: Cell<Directory> = const { Cell::new(&[]) };

    /// The slab this thread has, handed on when the thread ends.
    static LEASE: Lease = Lease(Slab::acquire());
}

struct Lease(Option<&'static Slab>);

impl Drop for Lease {
    fn drop(&mut self) {
        // From here on this thread counts in the shared slab: destructors that run later find no directory and no lease.
        DIRECTORY.set(&[]);
        if let Some(slab) = self.0 {
            slab.release();
        }
    }
}

/// The chunk of this thread's slab that holds a slot, where the thread has touched it before.
#[inline]
fn own_chunk(slot: Slot) -> Option<&'static Chunk> {
    DIRECTORY.get().get(slot.chunk())?.get()
}

/// The cell of a slot in this thread's slab, made where it is missing; `None` where the thread has no slab.
fn touch(slot: Slot) -> Option<&'static AtomicU64> {
    let slab = LEASE.try_with(|lease| lease.0).ok()??;
    let directory = slab.touch(slot);
    DIRECTORY.set(directory);
    Some(directory.get(slot.chunk())?.get()?.cell(slot))
}

/// Adds to a slot, wrapping.
#[inline]
pub(crate) fn add(slot: Slot, amount: u64) {
    match own_chunk(slot) {
        Some(chunk) => add_owned(chunk.cell(slot), amount),
        None => add_slowly(slot, amount),
    }
}

/// Adds to two slots of one metric, which are mostly in one chunk.
#[inline]
pub(crate) fn add_pair(first: (Slot, u64), second: (Slot, u64)) {
    if first.0.chunk() == second.0.chunk()
        && let Some(chunk) = own_chunk(first.0)
    {
        add_owned(chunk.cell(first.0), first.1);
        add_owned(chunk.cell(second.0), second.1);
        return;
    }
    add(first.0, first.1);
    add(second.0, second.1);
}

/// Adds to a slot and sees to it that the next slot's shared cell says so; for gauges, see `metric::gauge`.
#[inline]
pub(crate) fn add_marked(slot: Slot, amount: u64) {
    let mark = slot.plus(1);
    if slot.chunk() == mark.chunk()
        && let Some(chunk) = own_chunk(slot)
        && chunk.cell(mark).load(Relaxed) != 0
    {
        add_owned(chunk.cell(slot), amount);
        return;
    }
    add_marked_slowly(slot, mark, amount);
}

#[cold]
#[inline(never)]
fn add_marked_slowly(slot: Slot, mark: Slot, amount: u64) {
    shared::set_shared(mark, 1);
    if let Some(cell) = touch(mark) {
        cell.store(1, Relaxed);
    }
    add(slot, amount);
}

/// Adds to a floating-point slot.
#[inline]
pub(crate) fn add_f64(slot: Slot, amount: f64) {
    match own_chunk(slot) {
        Some(chunk) => add_owned_f64(chunk.cell(slot), amount),
        None => add_f64_slowly(slot, amount),
    }
}

#[cold]
#[inline(never)]
fn add_slowly(slot: Slot, amount: u64) {
    match touch(slot) {
        Some(cell) => add_owned(cell, amount),
        None => {
            shared::cell(slot).fetch_add(amount, Relaxed);
        }
    }
}

#[cold]
#[inline(never)]
fn add_f64_slowly(slot: Slot, amount: f64) {
    match touch(slot) {
        Some(cell) => add_owned_f64(cell, amount),
        None => shared::add_shared_f64(slot, amount),
    }
}
