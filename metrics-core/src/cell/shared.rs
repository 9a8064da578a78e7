//! Cells that all threads write with locked operations, and the guards of series that may be removed.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{
    cells::Cells,
    slot::{SLOTS, Slot},
    slot_table::SlotTable,
};
use crate::sync::{AtomicU64, Mutex, MutexGuard, global, lock, locks, size};

global! {
    SHARED: SlotTable<AtomicU64> = SlotTable::new()
}

/// Returns the shared cells from a slot to the end of its chunk; none if they were never touched.
pub(super) fn cells_from(slot: Slot) -> &'static [AtomicU64] {
    SHARED.run_from(slot)
}

/// Returns the bits of a shared cell; zero if it was never touched.
#[inline]
pub(super) fn get(slot: Slot) -> u64 {
    SHARED.get(slot).map_or(0, |cell| cell.load(Acquire))
}

impl Cells {
    /// Returns whether the series has not been removed.
    pub(crate) fn is_current(self) -> bool {
        self.generation() == 0 || current_width(self).is_some()
    }

    /// Writes a word's shared cell, unless the series was removed.
    pub(super) fn with_shared(self, at: usize, write: impl FnOnce(&AtomicU64)) {
        let Some(cell) = SHARED.get_or_create(self.word(at)) else { return };
        if self.generation() == 0 {
            return write(cell);
        }
        // Several threads write here, so the generation must not change until the write is done.
        let _locked = lock_guard(self.first());
        if current_width(self).is_some() {
            write(cell);
        }
    }

    /// Sets a word's shared cell.
    pub(crate) fn set_shared(self, at: usize, bits: u64) {
        self.with_shared(at, |cell| cell.store(bits, Release));
    }

    /// Adds a float to a word's shared cell.
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

    /// Returns a word's shared cell; zero if the series was removed.
    pub(crate) fn get_shared(self, at: usize) -> u64 {
        let bits = get(self.word(at));
        // The value may belong to the next owner of the slots.
        if self.is_current() { bits } else { 0 }
    }
}

/// Current owner of guarded slots.
#[derive(Clone, Copy, Debug)]
struct Guard {
    generation: u32,
    /// Number of words of the series; zero after its removal.
    width: u32,
}

global! {
    /// The guards, see [`guard_slot`].
    GUARDS: SlotTable<AtomicU64> = SlotTable::new()
}

/// Bits of the number of a generation. The bits above them are the logarithm of the number of slots, by which the guard is found.
const COUNT_BITS: u32 = 28;

const fn size_class(generation: u32) -> u32 {
    generation >> COUNT_BITS
}

/// Returns the slot of a guard in the table of guards, which are numbered like the nodes of a binary tree over the slots: a series
/// of 17 slots has the one that is four levels above its first slot, and shares it with no other series of 16 slots or more.
#[allow(clippy::cast_possible_truncation)] // there are fewer slots
const fn guard_slot(first: Slot, size_class: u32) -> Slot {
    Slot::new((SLOTS as u32 + first.number()) >> size_class)
}

/// Returns the guard of a series by its first slot.
#[allow(clippy::cast_possible_truncation)] // the two halves
fn guard(first: Slot, size_class: u32) -> Guard {
    let bits = GUARDS.get(guard_slot(first, size_class)).map_or(0, |guard| guard.load(Acquire));
    Guard { generation: bits as u32, width: (bits >> 32) as u32 }
}

/// Returns the number of words of a guarded series; `None` if it was removed.
pub(super) fn current_width(cells: Cells) -> Option<usize> {
    let guard = guard(cells.first(), size_class(cells.generation()));
    let is_current = guard.generation == cells.generation() && guard.width > 0;
    is_current.then_some(guard.width as usize)
}

/// Returns the generation of the latest owner of guarded slots; zero without one.
pub(super) fn generation(first: Slot, width: usize) -> u32 {
    guard(first, class_of(width)).generation
}

/// Returns the size class of a guarded series by its number of words.
const fn class_of(width: usize) -> u32 {
    (width + 1).ilog2()
}

/// Locks the shared cells of a guarded series.
fn lock_guard(slot: Slot) -> MutexGuard<'static, ()> {
    const LENGTH: usize = size(64, 2);
    global!(LOCKS: [Mutex<()>; LENGTH] = locks());
    lock(&LOCKS[slot.number() as usize % LOCKS.len()])
}

fn set_guard(first: Slot, guard: Guard) {
    if let Some(cell) = GUARDS.get_or_create(guard_slot(first, size_class(guard.generation))) {
        cell.store(u64::from(guard.width) << 32 | u64::from(guard.generation), Release);
    }
}

/// Gives guarded slots to the next series, with its shared cells at zero; returns its generation.
pub(super) fn next_generation(slot: Slot, width: u32) -> u32 {
    let _locked = lock_guard(slot);
    let class = class_of(width as usize);
    // At least two slots, so that the generation is not zero, which stands for unguarded series.
    let count = generation(slot, width as usize).wrapping_add(1) & ((1 << COUNT_BITS) - 1);
    let generation = class << COUNT_BITS | count;
    for cell in (1..=width as usize).filter_map(|at| SHARED.get(slot.plus(at))) {
        cell.store(0, Release);
    }
    set_guard(slot, Guard { generation, width });
    generation
}

/// Ends the generation of a removed series, whose handles no longer count.
pub(super) fn retire(cells: Cells) {
    let _locked = lock_guard(cells.first());
    if current_width(cells).is_some() {
        set_guard(cells.first(), Guard { generation: cells.generation(), width: 0 });
    }
}
