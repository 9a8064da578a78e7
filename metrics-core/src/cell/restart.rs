//! Bringing a series back to zero that keeps its slots.

use std::sync::atomic::Ordering::{Relaxed, Release};

use super::{
    cells::Cells,
    shape::{CellKind, SeriesShape},
    slab,
};
use crate::sync::yield_now;

/// How often at most a thread is waited for that is adding to an infinite sum.
const MOST_TRIES: usize = 100;

impl Cells {
    /// Takes away what the words sum up to, so that they start at zero again; what is added meanwhile stays.
    ///
    /// The caller clears what else is kept by slot: exemplars and native buckets.
    ///
    /// An infinite sum, and one that is no number, cannot be taken away: all that the threads have added goes instead, with
    /// what they add to that sum at this moment.
    pub(crate) fn subtract_sums(self, shape: SeriesShape) {
        for at in 0..shape.width {
            match shape.word(at) {
                CellKind::Integer => {
                    let sum = self.sum(at);
                    self.with_shared(at, |cell| {
                        cell.fetch_sub(sum, Release);
                    });
                }
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
            for cell in slab::all().filter_map(|slab| slab.cells().cell(word)) {
                cell.store(0, Relaxed);
            }
            self.set_shared(at, 0);
            yield_now();
            if self.sum_f64(at).is_finite() {
                return;
            }
        }
    }
}
