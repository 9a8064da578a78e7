//! The current thread's slab: the hot path.

use std::cell::Cell;

use super::{
    chunk::{Chunk, Slot},
    slab::{Directory, Slab},
};
use crate::{exemplar, sync::local};

local! {
    /// The chunks of this thread's slab; empty before its first count, after the hand-over, past the limit of slabs, and where
    /// a source of exemplars is installed. Without a destructor, so reading it is one load.
    static DIRECTORY: Cell<Directory> = const { Cell::new(&[]) };

    /// The same where a source of exemplars is installed: every count then takes the long way, which asks the source.
    static WATCHED: Cell<Directory> = const { Cell::new(&[]) };

    /// The slab this thread has, handed on when the thread ends.
    static LEASE: Lease = Lease(Slab::acquire());
}

struct Lease(Option<&'static Slab>);

impl Drop for Lease {
    fn drop(&mut self) {
        // From here on this thread counts in the shared slab: destructors that run later find no directory and no lease.
        close_short_way();
        WATCHED.with(|own| own.set(&[]));
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
    let watched = exemplar::is_watching();
    if let (true, Some(chunk)) = (watched, chunk_of(WATCHED.with(Cell::get), slot)) {
        return Some(chunk);
    }
    let slab = LEASE.try_with(|lease| lease.0).ok()??;
    let directory = slab.touch(slot);
    if watched {
        close_short_way();
        WATCHED.with(|own| own.set(directory));
    } else {
        DIRECTORY.with(|own| own.set(directory));
    }
    chunk_of(directory, slot)
}

fn chunk_of(directory: Directory, slot: Slot) -> Option<&'static Chunk> {
    directory.get(slot.chunk())?.get()
}

/// Lets this thread find no cells the short way.
pub(crate) fn close_short_way() {
    DIRECTORY.with(|own| own.set(&[]));
}

/// Ends a model's thread as far as its slab goes.
#[cfg(all(test, loom))]
pub(crate) fn end_thread() {
    crate::sync::destroy_locals::<Lease>();
}
