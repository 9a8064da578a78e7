//! Bringing cells back to zero: of a series that keeps its slots, and of slots that get another owner.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{
    cells::Cells,
    fold,
    shape::{CellKind, SeriesShape},
    slab,
    slot::Slot,
    slot_table::SlotTable,
    thread_delta, wide_sum,
};
use crate::sync::{AtomicU32, global, yield_now};

/// Most attempts to set an infinite sum to zero while a thread is adding to it.
const MOST_TRIES: usize = 100;

global! {
    /// Number of removals of each series that keeps its slots.
    REMOVALS: SlotTable<AtomicU32> = SlotTable::new()
}

impl Cells {
    /// Number of times that the series was brought back to zero: a guard that has added to the former one takes nothing away
    /// from the next.
    pub(crate) fn removals(self) -> u32 {
        REMOVALS.get(self.first()).map_or(0, |removals| removals.load(Acquire))
    }

    /// Takes away what the words sum up to, so that they start at zero again; what is added meanwhile stays.
    ///
    /// The caller clears what else is kept by slot: exemplars and native buckets.
    ///
    /// An infinite sum, and one that is no number, cannot be taken away: all that the threads have added goes instead, with
    /// what they add to that sum at this moment.
    pub(crate) fn subtract_sums(self, shape: SeriesShape) {
        if let Some(removals) = REMOVALS.get_or_create(self.first()) {
            removals.fetch_add(1, Release);
        }
        for at in 0..shape.width {
            match shape.word(at) {
                CellKind::Integer => self.subtract_sum(at),
                CellKind::Nanos => wide_sum::restart(self, || self.subtract_sum(at)),
                CellKind::Float => {
                    if !self.balance_f64(at) {
                        self.empty_f64(at);
                    }
                }
                CellKind::Shared => self.set_shared(at, 0),
                // A thread may be about to write its own.
                CellKind::Mark => {}
            }
        }
    }

    fn subtract_sum(self, at: usize) {
        let sum = self.sum(at);
        self.with_shared(at, |cell| {
            cell.fetch_sub(sum, Release);
        });
    }

    /// Brings the cells of a former owner back to zero, for the next one.
    ///
    /// A floating-point sum would be as precise as the last digit of the former sums, so its cells are set to zero, as nobody
    /// has them any more; but not while tests have [deltas](thread_delta) of what cells have grown by.
    pub(super) fn reset(self, shape: SeriesShape) {
        for at in 0..shape.width {
            let start = match shape.word(at) {
                CellKind::Integer | CellKind::Mark => self.sum_owned(at).wrapping_neg(),
                CellKind::Nanos => {
                    wide_sum::restart(self, || self.set_shared(at, self.sum_owned(at).wrapping_neg()));
                    continue;
                }
                CellKind::Float => {
                    thread_delta::unless_any(|| clear(self.word(at)));
                    (-self.sum_owned_f64(at)).to_bits()
                }
                CellKind::Shared => 0,
            };
            self.set_shared(at, start);
        }
    }

    /// Makes a word's shared cell the negative of what its threads have added, so that the sum is exactly zero; `false` where
    /// that is not finite. A sum that was subtracted instead would leave its last digit, and a counter below zero.
    ///
    /// The threads' cells stay what they are, so that what is added next is rounded as it would have been without the removal.
    /// Setting them to zero would lose what a thread adds at that moment, or bring the former sum back.
    fn balance_f64(self, at: usize) -> bool {
        let mut is_finite = true;
        self.with_shared(at, |cell| {
            let mut bits = cell.load(Relaxed);
            loop {
                let owned = self.sum_owned_f64(at);
                is_finite = owned.is_finite();
                // What another thread adds to the shared cell meanwhile stays.
                match cell.compare_exchange_weak(bits, (-owned).to_bits(), Release, Relaxed) {
                    Err(now) if is_finite => bits = now,
                    _ => return,
                }
            }
        });
        is_finite
    }

    /// Sets a word's cells to zero in all slabs. Their threads write them without a lock: one that has read its cell before
    /// brings the infinite sum back, which is seen where it happens within a few tries.
    fn empty_f64(self, at: usize) {
        let word = self.word(at);
        for _ in 0..MOST_TRIES {
            clear(word);
            self.set_shared(at, 0);
            yield_now();
            if self.sum_f64(at).is_finite() {
                return;
            }
        }
    }
}

/// Sets the cells of a slot to zero in all slabs.
fn clear(slot: Slot) {
    fold::unless_folding(|| slab::all().iter().for_each(|slab| slab.clear(slot)));
}
