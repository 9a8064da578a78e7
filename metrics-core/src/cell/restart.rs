//! Bringing a series back to zero that keeps its slots.

use std::sync::atomic::Ordering::{Relaxed, Release};

use super::{
    cells::Cells,
    slab,
    slots::{Shape, Word},
};
use crate::{exemplar, native, sync::yield_now};

/// How often at most a thread is waited for that is adding to an infinite sum.
const MOST_TRIES: usize = 100;

impl Cells {
    /// Takes away what the words sum up to, so that they start at zero again; what is added meanwhile stays.
    ///
    /// An infinite sum, and one that is no number, cannot be taken away: all that the threads have added goes instead, with
    /// what they add to that sum at this moment.
    pub(crate) fn subtract_sums(self, shape: Shape) {
        exemplar::clear(self.word(0).number(), shape.width);
        native::clear(self.number(), 1);
        for at in 0..shape.width {
            match if at + 1 == shape.width { shape.last } else { Word::Integer } {
                Word::Integer => {
                    let sum = self.sum(at);
                    self.with_shared(at, |cell| {
                        cell.fetch_sub(sum, Release);
                    });
                }
                Word::Float => match self.sum_f64(at) {
                    sum if sum.is_finite() => self.add_shared_f64(at, -sum),
                    _ => self.empty_f64(at),
                },
                Word::Shared => self.set_shared(at, 0),
                // A thread may be about to write its own.
                Word::Mark => {}
            }
        }
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
