//! Reset of cells to zero: for a series that keeps its slots, and for slots that get another owner.

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

/// Largest number of attempts to set an infinite sum to zero while a thread is adding to it.
const MOST_TRIES: usize = 100;

global! {
    /// Number of removals of each series that keeps its slots.
    REMOVALS: SlotTable<AtomicU32> = SlotTable::new()
}

impl Cells {
    /// Returns the number of resets of the series, by which a guard that was created before a reset does not subtract after it.
    pub(crate) fn removals(self) -> u32 {
        REMOVALS.get(self.first()).map_or(0, |removals| removals.load(Acquire))
    }

    /// Subtracts the sums of the words, so that they restart at zero. Concurrent additions are kept.
    ///
    /// The caller must clear the exemplars and native buckets of the slots.
    ///
    /// An infinite sum and NaN cannot be subtracted. Their cells are set to zero, and concurrent additions to them may be lost.
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
                // A thread may be writing its cell.
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

    /// Resets the cells of a former owner for the next one.
    ///
    /// A float that starts at a subtracted sum would have the rounding errors of that sum, so its cells are set to zero, as no thread
    /// uses them. They are not while a test has a [delta](thread_delta) of the cells.
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

    /// Sets a word's shared cell to the negative of the threads' sum, so that the sum is exactly zero; returns `false` if that sum is
    /// not finite. A subtraction from the shared cell would leave a rounding error, and a counter below zero.
    ///
    /// The threads' cells are unchanged, so that later additions are rounded as they would have been. Setting the cells to zero could
    /// lose a concurrent addition, or bring the former sum back.
    fn balance_f64(self, at: usize) -> bool {
        let mut is_finite = true;
        self.with_shared(at, |cell| {
            let mut bits = cell.load(Relaxed);
            loop {
                let owned = self.sum_owned_f64(at);
                is_finite = owned.is_finite();
                // Concurrent additions to the shared cell are kept.
                match cell.compare_exchange_weak(bits, (-owned).to_bits(), Release, Relaxed) {
                    Err(now) if is_finite => bits = now,
                    _ => return,
                }
            }
        });
        is_finite
    }

    /// Sets a word's cells to zero in all slabs. A thread that has read its cell before this writes the infinite sum back, which
    /// repeated attempts detect.
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
