//! The cells of one series.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{
    chunk::{ExemplarSlot, Slot, add_owned, add_owned_f64},
    local, shared, slab,
};
use crate::sync::{AtomicU64, fence};

/// The cells of one series: what a handle of a metric is made of.
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

/// Where a write that is not on the warm path goes.
enum Target {
    /// To this thread's own cell.
    Own(&'static AtomicU64),
    /// To the shared cells.
    Shared,
    /// Nowhere: the series is gone.
    Gone,
}

/// The cells of a series' first word and of another, where both are near and the series is not guarded. One comparison says so
/// for both: neither sum of the two numbers wraps, so that the first comes before.
#[inline]
fn near_pair(
    near: &'static [AtomicU64],
    slot: Slot,
    at: usize,
) -> Option<(&'static AtomicU64, &'static AtomicU64)> {
    let other = near.get(slot.index() + at)?;
    Some((near.get(slot.index())?, other))
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

    /// The number of the series' slot, by which what else is kept of it is found.
    #[inline]
    pub(crate) const fn number(self) -> u32 {
        self.first().number()
    }

    /// Which of the slot's owners the series is; zero where it lives as long as its handles.
    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        self.generation
    }

    /// Whether the series is still there.
    pub(crate) fn is_current(self) -> bool {
        self.generation == 0 || shared::guard(self.first()).width_of(self.generation).is_some()
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

    /// The first slot: of a guarded series, where its generation is.
    #[inline]
    pub(super) const fn first(self) -> Slot {
        if self.generation == 0 { self.slot } else { self.slot.unmarked() }
    }

    /// The slot of a word of the series.
    #[inline]
    pub(super) const fn word(self, at: usize) -> Slot {
        self.first().plus(if self.generation == 0 { at } else { at + 1 })
    }

    /// Where the exemplar of a word is kept.
    #[inline]
    pub(crate) const fn place(self, at: usize) -> ExemplarSlot {
        ExemplarSlot { slot: self.word(at).number(), generation: self.generation }
    }

    /// This thread's cell of a word, where it is near and can be written right away.
    #[inline]
    fn own(self, at: usize) -> Option<&'static AtomicU64> {
        self.own_of(local::fast_cells(), at)
    }

    #[inline]
    fn own_of(self, near: &'static [AtomicU64], at: usize) -> Option<&'static AtomicU64> {
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

    /// Counts in the first word, wrapping; the source of exemplars is asked, where there is one.
    #[inline]
    pub(crate) fn count(self, amount: u64) {
        match self.own(0) {
            Some(cell) => add_owned(cell, amount),
            None => self.count_slowly(amount),
        }
    }

    /// The same where the cell is near and not guarded; `false` where nothing was written.
    #[inline]
    pub(crate) fn count_if_near(slot: Slot, amount: u64) -> bool {
        let cell = local::fast_cells().get(slot.index());
        if let Some(cell) = cell {
            add_owned(cell, amount);
        }
        cell.is_some()
    }

    /// Counts in a floating-point word, the first; the source of exemplars is asked, where there is one.
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

    /// Adds one to the word of one of so many buckets; the source of exemplars is asked, where there is one.
    #[inline]
    pub(crate) fn add_to_bucket(self, bucket: usize, buckets: usize, value: f64) {
        match self.own(bucket) {
            Some(cell) => add_owned(cell, 1),
            None => self.add_to_bucket_slowly(bucket, buckets, value),
        }
    }

    /// Adds a duration, one to its bucket's word and its nanoseconds to the first, where the cells are near and not guarded;
    /// `false` where nothing was written.
    #[inline]
    pub(crate) fn add_observation_if_near(self, bucket: usize, amount: u64) -> bool {
        let Some((total, count)) = near_pair(local::fast_cells(), self.slot, bucket) else { return false };
        add_owned(count, 1);
        add_owned(total, amount);
        true
    }

    /// Counts in one series and adds a duration to another, neither of them guarded, if all of it is near; `false` means that
    /// nothing was written.
    #[inline]
    pub(crate) fn add_call(calls: Slot, duration: Slot, bucket: usize, amount: u64) -> bool {
        let near = local::fast_cells();
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

    /// Takes one out of a gauge, adds a duration to one series and counts in another, if none of them is guarded, all are near and
    /// the gauge is marked; `false` means that nothing was written.
    #[inline]
    pub(crate) fn add_request(
        gauge: Self,
        duration: Self,
        requests: Self,
        bucket: usize,
        amount: u64,
    ) -> bool {
        let near = local::fast_cells();
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

    /// Adds to the first word and sees to it that the second word's shared cell says so; for gauges, see `metric::gauge`.
    #[inline]
    pub(crate) fn add_marked(self, amount: u64) {
        if !self.add_where_marked(local::fast_cells(), amount) {
            self.add_marked_slowly(amount);
        }
    }

    #[inline]
    fn add_where_marked(self, near: &'static [AtomicU64], amount: u64) -> bool {
        if let Some(mark) = near.get(self.slot.plus(1).index())
            && mark.load(Relaxed) != 0
            && let Some(cell) = near.get(self.slot.index())
        {
            add_owned(cell, amount);
            return true;
        }
        false
    }

    /// Adds a duration; the source of exemplars is asked, where there is one.
    pub(crate) fn add_observation(self, bucket: usize, buckets: usize, amount: u64) {
        self.add_to_bucket(bucket, buckets, amount as f64 / 1e9);
        self.add(0, amount);
    }

    /// Not near, or not written right away: [`target`](Self::target) knows. Far cells come here always.
    #[inline(never)]
    pub(super) fn add_slowly(self, at: usize, amount: u64) {
        if let Some(cell) = self.own_of(local::fast_cells_with_exemplars(), at) {
            return add_owned(cell, amount);
        }
        match self.target(at) {
            Target::Own(cell) => add_owned(cell, amount),
            Target::Shared => self.with_shared(at, |cell| {
                cell.fetch_add(amount, Release);
            }),
            Target::Gone => {}
        }
    }

    #[inline(never)]
    pub(super) fn add_f64_slowly(self, at: usize, amount: f64) {
        if let Some(cell) = self.own_of(local::fast_cells_with_exemplars(), at) {
            return add_owned_f64(cell, amount);
        }
        match self.target(at) {
            Target::Own(cell) => add_owned_f64(cell, amount),
            Target::Shared => self.add_shared_f64(at, amount),
            Target::Gone => {}
        }
    }

    /// Says once and for all that the first word is added to.
    pub(crate) fn mark(self) {
        self.set_shared(1, 1);
    }

    #[inline(never)]
    fn add_marked_slowly(self, amount: u64) {
        if self.add_where_marked(local::fast_cells_with_exemplars(), amount) {
            return;
        }
        let mark = self.target(1);
        if !matches!(mark, Target::Own(mark) if mark.load(Relaxed) != 0) {
            self.mark();
            if let Target::Own(mark) = mark {
                mark.store(1, Relaxed);
            }
        }
        self.add(0, amount);
    }

    /// Finds out where a write goes, and starts this thread's cells anew where they are a former series'.
    fn target(self, at: usize) -> Target {
        let word = self.word(at);
        if !word.exists() {
            return Target::Gone;
        }
        let Some(cell) = local::cell(word).or_else(|| local::touch(word)) else { return Target::Shared };
        if self.generation == 0 {
            return Target::Own(cell);
        }
        // A guarded series lies in one chunk, so that its other cells are there as well.
        let Some(own) = local::cell(self.first()) else { return Target::Shared };
        if own.load(Relaxed) == u64::from(self.generation) {
            return Target::Own(cell);
        }
        let Some(width) = shared::guard(self.first()).width_of(self.generation) else { return Target::Gone };
        for cell in (0..width).filter_map(|at| local::cell(self.word(at))) {
            cell.store(0, Relaxed);
        }
        own.store(u64::from(self.generation), Release);
        // Who reads what is added from here on knows that the former series is gone.
        fence(Release);
        Target::Own(cell)
    }

    /// Writes a word's shared cell, unless the series is gone.
    pub(super) fn with_shared(self, at: usize, write: impl FnOnce(&AtomicU64)) {
        let Some(cell) = shared::cell(self.word(at)) else { return };
        if self.generation == 0 {
            return write(cell);
        }
        // Several threads write here, so that the generation has to stay what it is until the write is done.
        let _locked = shared::lock_guard(self.first());
        if shared::guard(self.first()).width_of(self.generation).is_some() {
            write(cell);
        }
    }

    /// Sets a word's shared cell.
    pub(crate) fn set_shared(self, at: usize, bits: u64) {
        self.with_shared(at, |cell| cell.store(bits, Release));
    }

    /// Adds to a word's shared cell as a floating-point number.
    pub(crate) fn add_shared_f64(self, at: usize, amount: f64) {
        self.with_shared(at, |cell| {
            let mut bits = cell.load(Relaxed);
            loop {
                let sum = (f64::from_bits(bits) + amount).to_bits();
                match cell.compare_exchange_weak(bits, sum, Release, Relaxed) {
                    Ok(_) => return,
                    Err(now) => bits = now,
                }
            }
        });
    }

    /// A word's shared cell; zero if the series is gone.
    pub(crate) fn get_shared(self, at: usize) -> u64 {
        let bits = shared::get(self.word(at));
        // What was read is the next series', if that one is there by now.
        if self.is_current() { bits } else { 0 }
    }

    /// The sum of a word over all slabs, the shared one included.
    pub(crate) fn sum(self, at: usize) -> u64 {
        self.get_shared(at).wrapping_add(self.sum_owned(at))
    }

    /// The sum of a word over the threads' slabs alone.
    pub(crate) fn sum_owned(self, at: usize) -> u64 {
        self.owned(at).fold(0, u64::wrapping_add)
    }

    /// The sum of a floating-point word. The threads' cells first and always in the same order, so that it is exactly zero for
    /// a new owner and never decreases while its cells do not.
    pub(crate) fn sum_f64(self, at: usize) -> f64 {
        self.sum_owned_f64(at) + f64::from_bits(self.get_shared(at))
    }

    pub(super) fn sum_owned_f64(self, at: usize) -> f64 {
        self.owned(at).map(f64::from_bits).fold(0.0, |sum, value| sum + value)
    }

    /// What the threads' slabs hold for a word of this series.
    fn owned(self, at: usize) -> impl Iterator<Item = u64> {
        let word = self.word(at);
        slab::all().filter_map(move |slab| {
            let cells = slab.cells();
            let cell = cells.cell(word)?;
            if self.generation == 0 {
                return Some(cell.load(Relaxed));
            }
            let (own, generation) = (cells.cell(self.first())?, u64::from(self.generation));
            if own.load(Acquire) != generation {
                return None;
            }
            let value = cell.load(Relaxed);
            // What was read is the next series', if that one has begun meanwhile.
            fence(Acquire);
            (own.load(Relaxed) == generation).then_some(value)
        })
    }
}
