//! The current thread's slab: the hot path.

use std::cell::Cell;

use super::{
    chunk::{Chunk, Slot},
    slab::{Directory, Slab},
};
use crate::sync::local;

local! {
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
        DIRECTORY.with(|own| own.set(&[]));
        if let Some(slab) = self.0 {
            slab.release();
        }
    }
}

/// The chunk of this thread's slab that holds a slot, where the thread has touched it before.
#[inline]
pub(super) fn own_chunk(slot: Slot) -> Option<&'static Chunk> {
    DIRECTORY.with(Cell::get).get(slot.chunk())?.get()
}

/// The chunk of this thread's slab that holds a slot, made where it is missing; `None` where the thread has no slab.
pub(super) fn touch(slot: Slot) -> Option<&'static Chunk> {
    let slab = LEASE.try_with(|lease| lease.0).ok()??;
    let directory = slab.touch(slot);
    DIRECTORY.with(|own| own.set(directory));
    directory.get(slot.chunk())?.get()
}

/// Ends a model's thread as far as its slab goes.
#[cfg(all(test, loom))]
pub(crate) fn end_thread() {
    crate::sync::destroy_locals::<Lease>();
}
