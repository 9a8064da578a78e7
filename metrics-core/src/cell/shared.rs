//! Cells that all threads write with locked operations, and the guards of series that may be removed.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{cells::Cells, slot::Slot, slot_table::SlotTable};
use crate::sync::{AtomicU64, Mutex, MutexGuard, global, lock, locks, size};

global! {
    SHARED: SlotTable<AtomicU64> = SlotTable::new()
}

/// Returns the shared cells from a slot on to the border of its chunk; none where they were never touched.
pub(super) fn cells_from(slot: Slot) -> &'static [AtomicU64] {
    SHARED.run_from(slot)
}

/// Returns the shared cell's bits, zero where it was never touched.
#[inline]
fn get(slot: Slot) -> u64 {
    SHARED.get(slot).map_or(0, |cell| cell.load(Acquire))
}

impl Cells {
    /// Returns whether the series is still there.
    pub(crate) fn is_current(self) -> bool {
        self.generation() == 0 || guard(self.first()).width_of(self.generation()).is_some()
    }

    /// Writes a word's shared cell, unless the series is gone.
    pub(super) fn with_shared(self, at: usize, write: impl FnOnce(&AtomicU64)) {
        let Some(cell) = SHARED.get_or_create(self.word(at)) else { return };
        if self.generation() == 0 {
            return write(cell);
        }
        // Several threads write here, so that the generation has to stay what it is until the write is done.
        let _locked = lock_guard(self.first());
        if guard(self.first()).width_of(self.generation()).is_some() {
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

    /// Returns a word's shared cell; zero if the series is gone.
    pub(crate) fn get_shared(self, at: usize) -> u64 {
        let bits = get(self.word(at));
        // What was read is the next series', if that one is there by now.
        if self.is_current() { bits } else { 0 }
    }
}

/// The present owner of guarded slots: the shared cell of the first of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub(super) generation: u32,
    /// Number of words of the series; zero where it was removed.
    width: u32,
}

/// Returns the guard of a series' first slot.
#[allow(clippy::cast_possible_truncation)] // the two halves
pub(super) fn guard(slot: Slot) -> Guard {
    let bits = get(slot);
    Guard { generation: bits as u32, width: (bits >> 32) as u32 }
}

impl Guard {
    /// Returns the number of words of the series, if it is the one of this generation.
    pub(super) fn width_of(self, generation: u32) -> Option<usize> {
        (self.generation == generation && self.width > 0).then_some(self.width as usize)
    }
}

/// Locks the shared cells of a guarded series.
fn lock_guard(slot: Slot) -> MutexGuard<'static, ()> {
    const LENGTH: usize = size(64, 2);
    global!(LOCKS: [Mutex<()>; LENGTH] = locks());
    lock(&LOCKS[slot.number() as usize % LOCKS.len()])
}

fn store(slot: Slot, bits: u64) {
    if let Some(cell) = SHARED.get_or_create(slot) {
        cell.store(bits, Release);
    }
}

/// Gives guarded slots to the next series: its generation, with its shared cells at zero.
pub(super) fn next_generation(slot: Slot, width: u32) -> u32 {
    let _locked = lock_guard(slot);
    // Zero is the generation of what is not guarded.
    let generation = guard(slot).generation.wrapping_add(1).max(1);
    (1..=width as usize).for_each(|at| store(slot.plus(at), 0));
    store(slot, u64::from(width) << 32 | u64::from(generation));
    generation
}

/// Takes guarded slots from a series that is removed: from here on its handles count nowhere.
pub(super) fn retire(slot: Slot, generation: u32) {
    let _locked = lock_guard(slot);
    if guard(slot).generation == generation {
        store(slot, u64::from(generation));
    }
}
