//! Cells of one series, and the fast path of every count.

use std::{cell::Cell, sync::atomic::Ordering::Relaxed};

use super::{
    slab::Directory,
    slot::{ExemplarSlot, Slot},
};
use crate::sync::{AtomicU64, OnceRef, local};

local! {
    /// This thread's near cells. Empty before its first count, after it has handed its slab on, past the limit of slabs, and
    /// where a source of exemplars is installed: every count then takes the slow path. Without a destructor, so that reading it
    /// is one load.
    static FAST_CELLS: Cell<&'static [AtomicU64]> = const { Cell::new(&[]) };

    /// The chunks of this thread's cells past the near ones, empty where those are.
    static FAST_CHUNKS: Cell<Directory> = const { Cell::new(&[]) };
}

/// Returns this thread's near cells. They are not to be kept: a touch replaces them, and what is written then has to be written
/// to the new ones.
#[inline]
fn fast_cells() -> &'static [AtomicU64] {
    FAST_CELLS.with(Cell::get)
}

/// Sets this thread's near cells and the chunks past them; none disables the fast path.
pub(super) fn set_fast_cells(cells: &'static [AtomicU64], chunks: Directory) {
    FAST_CELLS.with(|fast| fast.set(cells));
    FAST_CHUNKS.with(|fast| fast.set(chunks));
}

/// Nanoseconds from here on, five hours, do not take the fast path: a million of them reach the end of 64 bits.
pub(crate) const LARGE_NANOS: u64 = 1 << 44;

/// Cells of one series: the content of every metric handle.
///
/// A series whose handles may outlive it (it can be removed from its family while somebody holds one) is *guarded*: its first
/// slot holds its generation in each slab. A thread that finds another generation in its own slab starts that series' cells
/// anew, or, if its handle is the one that is out of date, counts nowhere. So the next owner of the slots starts at zero, no
/// write of a late handle reaches it, and the warm path costs one more load and compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Marked for a guarded series, so that no cell is found where one looks for those of another series.
    slot: Slot,
    /// Zero for a series that is not guarded.
    generation: u32,
}

/// Returns the cells of a series' first word and of another, where both are near and the series is not guarded. One comparison
/// decides for both: neither sum of the two numbers wraps, so that the first comes before.
#[inline]
fn near_pair(
    near: &'static [AtomicU64],
    slot: Slot,
    at: usize,
) -> Option<(&'static AtomicU64, &'static AtomicU64)> {
    let other = near.get(slot.index() + at)?;
    Some((near.get(slot.index())?, other))
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
    /// The cells of a series that lives as long as its handles.
    #[inline]
    pub(crate) const fn unguarded(slot: Slot) -> Self {
        Self { slot, generation: 0 }
    }

    /// The cells of a series that may be removed; zero is the generation of one that may not.
    pub(super) const fn guarded(slot: Slot, generation: u32) -> Self {
        Self { slot: if generation == 0 { slot } else { slot.marked() }, generation }
    }

    /// Number of the series' owner among those of its slots; zero where it lives as long as its handles.
    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        self.generation
    }

    /// Slot and generation in one word, which is not zero for a guarded series.
    pub(crate) const fn to_bits(self) -> u64 {
        (self.generation as u64) << 32 | self.slot.number() as u64
    }

    /// The reverse of [`to_bits`](Self::to_bits).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the two halves
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self { slot: Slot::new(bits as u32), generation: (bits >> 32) as u32 }
    }

    /// The first slot: that of a guarded series' generation.
    #[inline]
    pub(crate) const fn first(self) -> Slot {
        if self.generation == 0 { self.slot } else { self.slot.unmarked() }
    }

    /// The slot of a word of the series.
    #[inline]
    pub(super) const fn word(self, at: usize) -> Slot {
        self.first().plus(if self.generation == 0 { at } else { at + 1 })
    }

    /// The slot of a word's exemplar.
    #[inline]
    pub(crate) const fn exemplar_slot(self, at: usize) -> ExemplarSlot {
        ExemplarSlot { slot: self.word(at), generation: self.generation }
    }

    /// Returns this thread's cell of a word, where it is near and can be written right away.
    #[inline]
    fn own(self, at: usize) -> Option<&'static AtomicU64> {
        self.own_in(fast_cells(), at)
    }

    /// Returns the cell of a word among a thread's near cells, where it can be written right away.
    #[inline]
    pub(super) fn own_in(self, near: &'static [AtomicU64], at: usize) -> Option<&'static AtomicU64> {
        match near.get(self.slot.plus(at).index()) {
            None if self.generation != 0 => self.own_guarded(near, at),
            cell => cell,
        }
    }

    #[inline]
    fn own_guarded(self, near: &'static [AtomicU64], at: usize) -> Option<&'static AtomicU64> {
        let (first, word) = (self.first().index(), self.word(at).index());
        // One comparison for both, as the first slot comes before.
        if word >= near.len() || near.get(first)?.load(Relaxed) != u64::from(self.generation) {
            return None;
        }
        near.get(word)
    }

    /// Counts in the first word, wrapping; asks the source of exemplars, where one is installed.
    #[inline]
    pub(crate) fn count(self, amount: u64) {
        match self.own(0) {
            Some(cell) => add_owned(cell, amount),
            None => self.count_past_near(amount),
        }
    }

    /// Counts in the first word where it is not near.
    #[inline(never)]
    fn count_past_near(self, amount: u64) {
        // The slot of a guarded series is marked, and in no chunk.
        let chunk = FAST_CHUNKS.with(Cell::get).get(self.slot.chunk()).and_then(OnceRef::get);
        match chunk {
            Some(chunk) => add_owned(&chunk[self.slot.offset()], amount),
            None => self.count_slowly(amount),
        }
    }

    /// Counts in a slot of an unguarded series where its cell is near; returns `false` where nothing was written.
    #[inline]
    pub(crate) fn count_if_near(slot: Slot, amount: u64) -> bool {
        let cell = fast_cells().get(slot.index());
        if let Some(cell) = cell {
            add_owned(cell, amount);
        }
        cell.is_some()
    }

    /// Counts in a floating-point word, the first; asks the source of exemplars, where one is installed.
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

    /// Adds one to the word of one of `buckets` buckets; asks the source of exemplars, where one is installed.
    #[inline]
    pub(crate) fn add_to_bucket(self, bucket: usize, buckets: usize, value: f64) {
        match self.own(bucket) {
            Some(cell) => add_owned(cell, 1),
            None => self.add_to_bucket_slowly(bucket, buckets, value),
        }
    }

    /// Adds a duration where the cells are near and not guarded: one to its bucket's word, and its nanoseconds to the first.
    /// Returns `false` where nothing was written.
    #[inline]
    pub(crate) fn add_observation_if_near(self, bucket: usize, amount: u64) -> bool {
        let Some((total, count)) = near_pair(fast_cells(), self.slot, bucket) else { return false };
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Adds a value where the cells are near and not guarded: one to its bucket's word, and the value to the first, which is a
    /// floating-point one. Returns `false` where nothing was written.
    #[inline]
    pub(crate) fn add_value_if_near(self, bucket: usize, value: f64) -> bool {
        let Some((total, count)) = near_pair(fast_cells(), self.slot, bucket) else { return false };
        add_owned(count, 1);
        add_owned_f64(total, value);
        true
    }

    /// Counts in one series and adds a duration to another, neither of them guarded, if all of it is near. Returns `false` where
    /// nothing was written.
    #[inline]
    pub(crate) fn add_call(calls: Slot, duration: Slot, bucket: usize, amount: u64) -> bool {
        let near = fast_cells();
        let (Some(called), Some((total, count))) =
            (near.get(calls.index()), near_pair(near, duration, bucket))
        else {
            return false;
        };
        add_owned(called, 1);
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Takes one out of a gauge, adds a duration to one series and counts in another, if none of them is guarded, all are near
    /// and the gauge is marked. Returns `false` where nothing was written.
    #[inline]
    pub(crate) fn add_request(
        gauge: Self,
        duration: Self,
        requests: Self,
        bucket: usize,
        amount: u64,
    ) -> bool {
        let near = fast_cells();
        let (Some((level, mark)), Some((total, count)), Some(counted)) = (
            near_pair(near, gauge.slot, 1),
            near_pair(near, duration.slot, bucket),
            near.get(requests.slot.index()),
        ) else {
            return false;
        };
        if mark.load(Relaxed) == 0 {
            return false;
        }
        add_owned(level, u64::MAX);
        add_owned(count, 1);
        add_owned(total, amount);
        // Last, so that whoever sees the request here sees it everywhere.
        add_owned(counted, 1);
        true
    }

    /// Adds to the first word and marks the second one, so that a gauge that is set knows that threads have added to it.
    #[inline]
    pub(crate) fn add_marked(self, amount: u64) {
        if !self.add_where_marked(fast_cells(), amount) {
            self.add_marked_slowly(amount);
        }
    }

    /// Adds to the first word where this thread has marked the second; returns whether it has.
    #[inline]
    pub(super) fn add_where_marked(self, near: &'static [AtomicU64], amount: u64) -> bool {
        if let Some(mark) = near.get(self.slot.plus(1).index())
            && mark.load(Relaxed) != 0
            && let Some(cell) = near.get(self.slot.index())
        {
            add_owned(cell, amount);
            return true;
        }
        false
    }

    /// Adds a duration; asks the source of exemplars, where one is installed.
    pub(crate) fn add_observation(self, bucket: usize, buckets: usize, amount: u64) {
        self.add_to_bucket(bucket, buckets, amount as f64 / 1e9);
        self.add_nanos(0, amount);
    }

    /// Adds nanoseconds to a word, whose sum may grow past 64 bits.
    pub(crate) fn add_nanos(self, at: usize, nanos: u64) {
        if nanos < LARGE_NANOS { self.add(at, nanos) } else { self.add_large_nanos(at, nanos) }
    }
}
