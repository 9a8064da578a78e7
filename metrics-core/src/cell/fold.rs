//! Folding of the slabs of ended threads, so that they cost a scrape nothing.
//!
//! No thread writes such a slab. Its sums go to a new slab, which replaces all folded ones in one step: a reader sees either all of
//! the former slabs or the new one, so that no counter falls. A former slab is reset and reused once it has no readers.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::{
    cells::Cells,
    exact_sum::ExactSum,
    shape::{CellKind, SeriesShape},
    shared,
    slab::{self, Folding, SlabCells},
    slot::Slot,
    slots, thread_delta,
};
use crate::sync::{AtomicU64, Mutex, global, lock, size};

/// Number of slabs without a thread from which on they are folded. Folding leaves one, or two if floats need more digits than one
/// cell has.
const FOLD_FROM: u64 = size(4, 2) as u64;

global! {
    /// Number of slabs without a thread at which folding is tried again after it has failed.
    NEXT_ATTEMPT: AtomicU64 = AtomicU64::new(0)
}

global! {
    FOLDING: Mutex<()> = Mutex::new(())
}

/// Folds the slabs of ended threads, unless there are few or another thread is folding.
pub(crate) fn fold_ended() {
    if slab::ended() < FOLD_FROM.max(NEXT_ATTEMPT.load(Relaxed)) {
        return;
    }
    if let Ok(_folding) = FOLDING.try_lock() {
        thread_delta::unless_any(fold);
    }
}

/// Runs a function on the cells of all slabs while no slab is folded.
pub(super) fn unless_folding(work: impl FnOnce()) {
    let _folding = lock(&FOLDING);
    work();
}

fn fold() {
    let mut folding = Folding::begin();
    let ended: Vec<_> = folding.ended.iter().map(|slab| slab.cells()).collect();
    let mut fold = Fold { ended, folding: &mut folding, folded: Vec::new() };
    let is_whole = slots::allocated()
        .iter()
        .all(|run| run.series().all(|first| fold.add_series(first, run.shape, run.is_guarded).is_some()));
    if is_whole {
        folding.finish();
        NEXT_ATTEMPT.store(0, Relaxed);
    } else {
        folding.give_up();
        NEXT_ATTEMPT.store(slab::ended() * 2, Relaxed);
    }
}

struct Fold<'a> {
    ended: Vec<SlabCells>,
    folding: &'a mut Folding,
    /// Cells of the slabs that receive the sums.
    folded: Vec<SlabCells>,
}

impl Fold<'_> {
    /// Adds up the cells of one series; returns `None` if there is no room.
    fn add_series(&mut self, first: Slot, shape: SeriesShape, is_guarded: bool) -> Option<()> {
        let generation = if is_guarded { shared::generation(first, shape.width) } else { 0 };
        if is_guarded && generation == 0 {
            return Some(());
        }
        let cells = Cells::guarded(first, generation);
        for at in 0..shape.width {
            let values = self.ended.iter().filter_map(|own| {
                let cell = own.cell(cells.word(at))?;
                let is_owner = !is_guarded || own.cell(first)?.load(Acquire) == u64::from(generation);
                is_owner.then(|| cell.load(Relaxed))
            });
            match shape.word(at) {
                CellKind::Integer | CellKind::Nanos => {
                    let sum = values.fold(0, u64::wrapping_add);
                    self.put(0, cells, at, sum)?;
                }
                CellKind::Mark => {
                    let mark = values.fold(0, |mark, value| mark | value);
                    self.put(0, cells, at, mark)?;
                }
                CellKind::Float => {
                    let mut sum = ExactSum::new();
                    values.for_each(|bits| sum.add(f64::from_bits(bits)));
                    for (target, part) in sum.parts().enumerate() {
                        self.put(target, cells, at, part.to_bits())?;
                    }
                }
                CellKind::Shared => {}
            }
        }
        Some(())
    }

    /// Sets a cell of one of the slabs that receive the sums.
    fn put(&mut self, target: usize, cells: Cells, at: usize, bits: u64) -> Option<()> {
        if bits == 0 {
            return Some(());
        }
        self.store(target, cells.word(at), bits)?;
        if cells.generation() != 0 {
            self.store(target, cells.first(), u64::from(cells.generation()))?;
        }
        Some(())
    }

    fn store(&mut self, target: usize, slot: Slot, bits: u64) -> Option<()> {
        let slab = self.folding.target(target)?;
        while self.folded.len() <= target {
            self.folded.push(SlabCells::NONE);
        }
        let folded = self.folded.get_mut(target)?;
        if folded.cell(slot).is_none() {
            *folded = slab.touch_always(slot);
        }
        folded.cell(slot)?.store(bits, Relaxed);
        Some(())
    }
}

#[cfg(all(test, not(metrics_core_loom)))]
mod tests {
    use std::{sync::Barrier, thread, time::Duration};

    use super::*;
    use crate::cell::Slots;

    const COUNTER: SeriesShape = SeriesShape { width: 1, special: CellKind::Integer };

    #[test]
    fn slabs_of_ended_threads_become_few() {
        let slots = Slots::allocate(1, COUNTER).expect("slots");
        let cells = slots.cells();
        for round in 1..=20 {
            let barrier = Barrier::new(12);
            thread::scope(|scope| {
                for _ in 0..12 {
                    scope.spawn(|| {
                        cells.add(0, 1);
                        barrier.wait();
                    });
                }
            });
            // Nothing is folded while another test has a delta.
            let is_folded = (0..1000).any(|_| {
                fold_ended();
                let is_folded = slab::ended() < FOLD_FROM;
                if !is_folded {
                    thread::sleep(Duration::from_millis(5));
                }
                is_folded
            });
            assert!(is_folded, "{} slabs are left", slab::ended());
            assert_eq!(cells.sum(0), round * 12);
        }
    }
}
