//! Cells of one series, and the fast path of every count.

use std::{cell::Cell, sync::atomic::Ordering::Relaxed};

use super::{
    slab::Directory,
    slot::{ExemplarSlot, Slot},
};
use crate::sync::{AtomicU64, OnceRef, local};

local! {
    /// This thread's flat cells. They are empty before its first count, after its slab was returned, past the limit of slabs, and
    /// while a source of exemplars is installed; every count then takes the slow path. The type has no destructor, so reading
    /// it is one load.
    static FAST_CELLS: Cell<&'static [AtomicU64]> = const { Cell::new(&[]) };

    /// This thread's chunks of cells past the flat ones; empty if those are.
    static FAST_CHUNKS: Cell<Directory> = const { Cell::new(&[]) };
}

/// Returns this thread's flat cells. Callers must not keep them: a touch of a new slot replaces the slice, and later writes
/// must go to the new one.
#[inline]
fn fast_cells() -> &'static [AtomicU64] {
    FAST_CELLS.with(Cell::get)
}

/// Sets this thread's flat cells and chunks. Empty slices disable the fast path.
pub(super) fn set_fast_cells(cells: &'static [AtomicU64], chunks: Directory) {
    FAST_CELLS.with(|fast| fast.set(cells));
    FAST_CHUNKS.with(|fast| fast.set(chunks));
}

/// Durations from this number of nanoseconds (five hours) on take the slow path: a million of them overflow 64 bits.
pub(crate) const LARGE_NANOS: u64 = 1 << 44;

/// Cells of one series: the content of every metric handle.
///
/// A series is *guarded* if handles may outlive it, because it can be removed from its family: its first slot holds its
/// generation in each slab. A thread that finds another generation in its own slab resets that series' cells, or ignores the
/// count if its handle is outdated. The next owner of the slots therefore starts at zero, no write of an outdated handle
/// reaches it, and the fast path costs one more load and comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Marked for a guarded series, so a look-up without a check of the generation finds no cell.
    slot: Slot,
    /// Zero if the series is not guarded.
    generation: u32,
}

/// Returns the cells of a series' first word and of another word, if both are flat and the series is not guarded. One bounds
/// check covers both: the addition does not wrap, so the first index is the smaller one.
#[inline]
fn flat_pair(
    flat: &'static [AtomicU64],
    slot: Slot,
    at: usize,
) -> Option<(&'static AtomicU64, &'static AtomicU64)> {
    let other = flat.get(slot.index() + at)?;
    Some((flat.get(slot.index())?, other))
}

/// Adds to a cell that only this thread writes.
#[inline]
pub(super) fn add_owned(cell: &AtomicU64, amount: u64) {
    cell.store(cell.load(Relaxed).wrapping_add(amount), Relaxed);
}

/// Adds to a floating-point cell that only this thread writes.
#[inline]
pub(super) fn add_owned_f64(cell: &AtomicU64, amount: f64) {
    cell.store((f64::from_bits(cell.load(Relaxed)) + amount).to_bits(), Relaxed);
}

impl Cells {
    /// Creates the cells of a series that lives as long as its handles.
    #[inline]
    pub(crate) const fn unguarded(slot: Slot) -> Self {
        Self { slot, generation: 0 }
    }

    /// Creates the cells of a series that may be removed; generation zero means that it may not.
    pub(super) const fn guarded(slot: Slot, generation: u32) -> Self {
        Self { slot: if generation == 0 { slot } else { slot.marked() }, generation }
    }

    /// Returns the generation of the series; zero if it lives as long as its handles.
    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        self.generation
    }

    /// Returns slot and generation in one word, which is not zero for a guarded series.
    pub(crate) const fn to_bits(self) -> u64 {
        (self.generation as u64) << 32 | self.slot.number() as u64
    }

    /// Restores cells from [`to_bits`](Self::to_bits).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the two halves
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self { slot: Slot::new(bits as u32), generation: (bits >> 32) as u32 }
    }

    /// Returns the first slot; in a guarded series it holds the generation.
    #[inline]
    pub(crate) const fn first(self) -> Slot {
        if self.generation == 0 { self.slot } else { self.slot.unmarked() }
    }

    /// Returns the slot of a word of the series.
    #[inline]
    pub(super) const fn word(self, at: usize) -> Slot {
        self.first().plus(if self.generation == 0 { at } else { at + 1 })
    }

    /// Returns the slot of a word's exemplar.
    #[inline]
    pub(crate) const fn exemplar_slot(self, at: usize) -> ExemplarSlot {
        ExemplarSlot { slot: self.word(at), generation: self.generation }
    }

    /// Returns this thread's cell of a word, if it is flat and writable without a check for removal.
    #[inline]
    fn own(self, at: usize) -> Option<&'static AtomicU64> {
        self.own_in(fast_cells(), at)
    }

    /// Returns the cell of a word among a thread's flat cells, if it is writable without a check for removal.
    #[inline]
    pub(super) fn own_in(self, flat: &'static [AtomicU64], at: usize) -> Option<&'static AtomicU64> {
        match flat.get(self.slot.plus(at).index()) {
            None if self.generation != 0 => self.own_guarded(flat, at),
            cell => cell,
        }
    }

    #[inline]
    fn own_guarded(self, flat: &'static [AtomicU64], at: usize) -> Option<&'static AtomicU64> {
        let (first, word) = (self.first().index(), self.word(at).index());
        // One comparison covers both, as the first slot is the smaller one.
        if word >= flat.len() || flat.get(first)?.load(Relaxed) != u64::from(self.generation) {
            return None;
        }
        flat.get(word)
    }

    /// Adds to the first word, wrapping, and asks an installed source of exemplars.
    #[inline]
    pub(crate) fn count(self, amount: u64) {
        match self.own(0) {
            Some(cell) => add_owned(cell, amount),
            None => self.count_past_near(amount),
        }
    }

    /// Adds to the first word if it is not flat.
    #[inline(never)]
    fn count_past_near(self, amount: u64) {
        // The slot of a guarded series is marked and therefore in no chunk.
        let chunk = FAST_CHUNKS.with(Cell::get).get(self.slot.chunk()).and_then(OnceRef::get);
        match chunk {
            Some(chunk) => add_owned(&chunk[self.slot.offset()], amount),
            None => self.count_slowly(amount),
        }
    }

    /// Adds to a slot of an unguarded series if its cell is flat. Returns `false` if nothing was written.
    #[inline]
    pub(crate) fn count_if_near(slot: Slot, amount: u64) -> bool {
        let cell = fast_cells().get(slot.index());
        if let Some(cell) = cell {
            add_owned(cell, amount);
        }
        cell.is_some()
    }

    /// Adds to the first word, a floating-point one, and asks an installed source of exemplars.
    #[inline]
    pub(crate) fn count_f64(self, amount: f64) {
        match self.own(0) {
            Some(cell) => add_owned_f64(cell, amount),
            None => self.count_f64_slowly(amount),
        }
    }

    /// Adds to a word, wrapping.
    #[inline]
    pub(crate) fn add(self, at: usize, amount: u64) {
        match self.own(at) {
            Some(cell) => add_owned(cell, amount),
            None => self.add_slowly(at, amount),
        }
    }

    /// Adds to a floating-point word.
    #[inline]
    pub(crate) fn add_f64(self, at: usize, amount: f64) {
        match self.own(at) {
            Some(cell) => add_owned_f64(cell, amount),
            None => self.add_f64_slowly(at, amount),
        }
    }

    /// Adds one to the word of one of `buckets` buckets, and asks an installed source of exemplars.
    #[inline]
    pub(crate) fn add_to_bucket(self, bucket: usize, buckets: usize, value: f64) {
        match self.own(bucket) {
            Some(cell) => add_owned(cell, 1),
            None => self.add_to_bucket_slowly(bucket, buckets, value),
        }
    }

    /// Adds a duration if the cells are flat and not guarded: one to the word of its bucket, and its nanoseconds to the first
    /// word. Returns `false` if nothing was written.
    #[inline]
    pub(crate) fn add_observation_if_near(self, bucket: usize, amount: u64) -> bool {
        let Some((total, count)) = flat_pair(fast_cells(), self.slot, bucket) else { return false };
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Returns this thread's cells of the first word and of another word, if one chunk has both and the series is not guarded.
    #[inline]
    fn chunked_pair(self, at: usize) -> Option<(&'static AtomicU64, &'static AtomicU64)> {
        // The slot of a guarded series is marked and therefore in no chunk.
        let chunk = FAST_CHUNKS.with(Cell::get).get(self.slot.chunk())?.get()?;
        Some((&chunk[self.slot.offset()], chunk.get(self.slot.offset() + at)?))
    }

    /// Does the same as [`add_observation_if_near`](Self::add_observation_if_near) if the cells are in a chunk.
    #[inline]
    pub(crate) fn add_observation_in_chunk(self, bucket: usize, amount: u64) -> bool {
        let Some((total, count)) = self.chunked_pair(bucket) else { return false };
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Does the same as [`add_value_if_near`](Self::add_value_if_near) if the cells are in a chunk.
    #[inline]
    pub(crate) fn add_value_in_chunk(self, bucket: usize, value: f64) -> bool {
        let Some((total, count)) = self.chunked_pair(bucket) else { return false };
        add_owned(count, 1);
        add_owned_f64(total, value);
        true
    }

    /// Adds a value if the cells are flat and not guarded: one to the word of its bucket, and the value to the first word, a
    /// floating-point one. Returns `false` if nothing was written.
    #[inline]
    pub(crate) fn add_value_if_near(self, bucket: usize, value: f64) -> bool {
        let Some((total, count)) = flat_pair(fast_cells(), self.slot, bucket) else { return false };
        add_owned(count, 1);
        add_owned_f64(total, value);
        true
    }

    /// Counts in one series and adds a duration to another, if all cells are flat and neither series is guarded. Returns
    /// `false` if nothing was written.
    #[inline]
    pub(crate) fn add_call(calls: Slot, duration: Slot, bucket: usize, amount: u64) -> bool {
        let flat = fast_cells();
        let (Some(called), Some((total, count))) =
            (flat.get(calls.index()), flat_pair(flat, duration, bucket))
        else {
            return false;
        };
        add_owned(called, 1);
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Subtracts one from a gauge, adds a duration to one series and counts in another, if all cells are flat, no series is
    /// guarded and the gauge is marked. Returns `false` if nothing was written.
    #[inline]
    pub(crate) fn add_request(
        gauge: Self,
        duration: Self,
        requests: Self,
        bucket: usize,
        amount: u64,
    ) -> bool {
        let flat = fast_cells();
        let (Some((level, mark)), Some((total, count)), Some(counted)) = (
            flat_pair(flat, gauge.slot, 1),
            flat_pair(flat, duration.slot, bucket),
            flat.get(requests.slot.index()),
        ) else {
            return false;
        };
        if mark.load(Relaxed) == 0 {
            return false;
        }
        add_owned(level, u64::MAX);
        add_owned(count, 1);
        add_owned(total, amount);
        // Last, so a reader that sees the request here sees it in the other series too.
        add_owned(counted, 1);
        true
    }

    /// Adds to the first word and marks the second one, which tells a later `set` that threads have added to the gauge.
    #[inline]
    pub(crate) fn add_marked(self, amount: u64) {
        if !self.add_where_marked(fast_cells(), amount) {
            self.add_marked_slowly(amount);
        }
    }

    /// Adds to the first word if this thread has marked the second one, and returns `true` if so.
    #[inline]
    pub(super) fn add_where_marked(self, flat: &'static [AtomicU64], amount: u64) -> bool {
        if let Some(mark) = flat.get(self.slot.plus(1).index())
            && mark.load(Relaxed) != 0
            && let Some(cell) = flat.get(self.slot.index())
        {
            add_owned(cell, amount);
            return true;
        }
        false
    }

    /// Adds a duration and asks an installed source of exemplars.
    pub(crate) fn add_observation(self, bucket: usize, buckets: usize, amount: u64) {
        self.add_to_bucket(bucket, buckets, amount as f64 / 1e9);
        self.add_nanos(0, amount);
    }

    /// Adds nanoseconds to a word whose sum may exceed 64 bits.
    pub(crate) fn add_nanos(self, at: usize, nanos: u64) {
        if nanos < LARGE_NANOS { self.add(at, nanos) } else { self.add_large_nanos(at, nanos) }
    }
}
