//! The current thread's slab: the hot path.

use std::cell::Cell;

use super::{
    chunk::Slot,
    observer::{self, Sampler},
    slab::{Slab, SlabCells},
    thread_series_cache::ThreadSeriesCache,
};
use crate::sync::{AtomicU64, local};

local! {
    /// The near cells of this thread's slab; none before its first count, after the hand-over, past the limit of slabs, and
    /// where a source of exemplars is installed: every count then takes the long way, which asks the source. Without a
    /// destructor, so reading it is one load.
    static NEAR: Cell<&'static [AtomicU64]> = const { Cell::new(&[]) };

    /// All of them, whether a source is installed or not.
    static OWN: Cell<SlabCells> = const { Cell::new(SlabCells::NONE) };

    /// What this thread has looked up; none before the first time, and like the near cells.
    static RECENT: Cell<Option<&'static ThreadSeriesCache>> = const { Cell::new(None) };

    /// The slab this thread has, handed on when the thread ends.
    static LEASE: Lease = Lease(Slab::acquire());
}

struct Lease(Option<&'static Slab>);

impl Drop for Lease {
    fn drop(&mut self) {
        // From here on this thread counts in the shared slab: destructors that run later find no cells and no lease.
        keep(SlabCells::NONE);
        RECENT.with(|recent| recent.set(None));
        if let Some(slab) = self.0 {
            slab.release();
        }
    }
}

fn keep(cells: SlabCells) {
    let short_way = if observer::has_sampler() { &[] } else { cells.near };
    NEAR.with(|near| near.set(short_way));
    OWN.with(|own| own.set(cells));
}

/// This thread's near cells. Not to be kept: what is written after a [`touch`] has to be written to the cells that there are
/// then.
#[inline]
pub(super) fn fast_cells() -> &'static [AtomicU64] {
    NEAR.with(Cell::get)
}

/// The same where a source of exemplars is installed: the short way is closed then, and this is the next one.
#[inline]
pub(super) fn fast_cells_with_exemplars() -> &'static [AtomicU64] {
    OWN.with(|own| own.get().near)
}

/// This thread's cell of a slot, where the thread has touched it before.
pub(super) fn cell(slot: Slot) -> Option<&'static AtomicU64> {
    OWN.with(Cell::get).cell(slot)
}

/// Makes this thread's cell of a slot; `None` where the thread has no slab, or there are too many cells.
#[cold]
pub(super) fn touch(slot: Slot) -> Option<&'static AtomicU64> {
    let slab = slab()?;
    let cells = slab.touch(slot);
    keep(cells);
    cells.cell(slot)
}

/// What this thread has looked up.
#[inline]
pub(super) fn recent() -> Option<&'static ThreadSeriesCache> {
    RECENT.with(Cell::get)
}

/// The same at the first time; `None` where the thread has no slab.
#[cold]
pub(super) fn begin_recent() -> Option<&'static ThreadSeriesCache> {
    let begun = slab()?.recent();
    RECENT.with(|recent| recent.set(Some(begun)));
    Some(begun)
}

/// This thread's slab, if it has one.
pub(super) fn slab() -> Option<&'static Slab> {
    LEASE.try_with(|lease| lease.0).ok()?
}

/// Installs the sampler of exemplars, and lets this thread take the slow path from here on. Other threads follow when they
/// touch a metric that is new to them.
pub(crate) fn install_sampler(sampler: Sampler) {
    observer::install(sampler);
    NEAR.with(|near| near.set(&[]));
}

/// Ends a model's thread as far as its slab goes.
#[cfg(all(test, loom))]
pub(crate) fn end_thread() {
    crate::sync::destroy_locals::<Lease>();
}
