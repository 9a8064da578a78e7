//! The current thread's slab: its cells and the series that it has looked up.

use std::cell::Cell;

use super::{
    cells::{self, Cells},
    observer::{self, Sampler},
    slab::{Slab, SlabCells},
    slot::Slot,
    thread_series_cache::{KeyWords, ThreadSeriesCache},
};
use crate::sync::{AtomicU64, local, size};

local! {
    /// Cells of the slab; empty before the first count and after the slab was returned. The type has no destructor.
    static OWN: Cell<SlabCells> = const { Cell::new(SlabCells::NONE) };

    /// Cache of the series that this thread has looked up; empty whenever the cells are.
    static SERIES_CACHE: Cell<ThreadSeriesCache> = const { Cell::new(ThreadSeriesCache::NONE) };

    /// Number of series that had no free entry in the cache.
    static CACHE_MISSES: Cell<usize> = const { Cell::new(0) };

    /// The slab, returned for reuse when the thread ends.
    static LEASE: Lease = Lease(Slab::acquire());
}

/// Misses per replacement of a cache entry: a thread with more series than fit keeps most entries and pays for few
/// replacements.
const REPLACED_ONCE_IN: usize = size(8, 1);

struct Lease(Option<&'static Slab>);

impl Drop for Lease {
    fn drop(&mut self) {
        // Destructors that run later find no slab and count in the shared cells.
        keep(SlabCells::NONE);
        SERIES_CACHE.with(|cache| cache.set(ThreadSeriesCache::NONE));
        if let Some(slab) = self.0 {
            slab.release();
        }
    }
}

fn keep(own: SlabCells) {
    let fast = if observer::has_sampler() { SlabCells::NONE } else { own };
    cells::set_fast_cells(fast.flat, fast.chunked);
    OWN.with(|cells| cells.set(own));
}

/// Returns this thread's flat cells, whether a source of exemplars is installed or not.
#[inline]
pub(super) fn flat_cells() -> &'static [AtomicU64] {
    OWN.with(|own| own.get().flat)
}

/// Returns this thread's cell of a slot in a chunk, if the thread has touched it before.
#[inline]
pub(super) fn chunked_cell(slot: Slot) -> Option<&'static AtomicU64> {
    OWN.with(Cell::get).chunked_cell(slot)
}

/// Returns this thread's cell of a slot, if the thread has touched it before.
pub(super) fn cell(slot: Slot) -> Option<&'static AtomicU64> {
    OWN.with(Cell::get).cell(slot)
}

/// Allocates this thread's cell of a slot; `None` if the thread has no slab or the limit of cells is reached.
#[cold]
pub(super) fn touch(slot: Slot) -> Option<&'static AtomicU64> {
    let slab = slab()?;
    let cells = slab.touch(slot);
    keep(cells);
    cells.cell(slot)
}

/// Returns the cells that this thread has looked up for a key in this version of the set of series.
#[inline]
pub(crate) fn cached_series(key: &KeyWords, version: u64) -> Option<Cells> {
    SERIES_CACHE.with(Cell::get).get(key, version).map(Cells::from_bits)
}

/// Caches cells that this thread has looked up in this version of the set, if there is room and `may_be_kept` allows it.
pub(crate) fn cache_series(key: &KeyWords, version: u64, cells: Cells, may_be_kept: impl FnOnce() -> bool) {
    let mut cache = SERIES_CACHE.with(Cell::get);
    if !cache.has_room(key, version)
        && !cache.is_largest()
        && let Some(larger) = slab().map(|slab| slab.grow_series_cache(cache))
    {
        SERIES_CACHE.with(|own| own.set(larger));
        cache = larger;
    }
    if cache.has_room(key, version) {
        if may_be_kept() {
            cache.insert(key, version, cells.to_bits());
        }
        return;
    }
    let turn = CACHE_MISSES.with(|misses| misses.replace(misses.get().wrapping_add(1)));
    if turn.is_multiple_of(REPLACED_ONCE_IN) && may_be_kept() {
        cache.replace(key, version, cells.to_bits(), turn / REPLACED_ONCE_IN);
    }
}

/// Returns this thread's slab, if it has one.
pub(super) fn slab() -> Option<&'static Slab> {
    LEASE.try_with(|lease| lease.0).ok()?
}

/// Installs the sampler of exemplars and moves this thread to the slow path. Other threads follow when they first touch a
/// new metric.
pub(crate) fn install_sampler(sampler: Sampler) {
    observer::install(sampler);
    cells::set_fast_cells(&[], &[]);
}

/// Returns the slab of a model's thread, as the end of a thread does.
#[cfg(all(test, metrics_core_loom))]
pub(crate) fn end_thread() {
    crate::sync::destroy_locals::<Lease>();
}
