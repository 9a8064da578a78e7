//! Reading: the sum of a slot's cells over all slabs.

use std::sync::atomic::Ordering::Relaxed;

use once_cell::race::OnceRef;

use super::{
    chunk::{CHUNK_CELLS, Slot},
    shared,
    slab::{self, Slab},
};

/// The sum of a slot that is added to.
pub(crate) fn sum(slot: Slot) -> u64 {
    shared::get_shared(slot).wrapping_add(sum_owned(slot))
}

/// The sum over the threads' slabs alone.
pub(crate) fn sum_owned(slot: Slot) -> u64 {
    slab::all().map(|slab| owned_bits(slab, slot)).fold(0, u64::wrapping_add)
}

/// The sum of a floating-point slot. The threads' cells first and always in the same order, so that it is exactly zero for
/// a new owner and never decreases while its cells do not.
pub(crate) fn sum_f64(slot: Slot) -> f64 {
    sum_owned_f64(slot) + f64::from_bits(shared::get_shared(slot))
}

pub(super) fn sum_owned_f64(slot: Slot) -> f64 {
    slab::all().map(|slab| f64::from_bits(owned_bits(slab, slot))).fold(0.0, |sum, value| sum + value)
}

fn owned_bits(slab: &'static Slab, slot: Slot) -> u64 {
    let chunk = slab.directory().get(slot.chunk()).and_then(OnceRef::get);
    chunk.map_or(0, |chunk| chunk.cell(slot).load(Relaxed))
}

/// The sums of neighbouring slots, chunk by chunk: the way a scrape reads.
pub(crate) fn sum_range(first: Slot, sums: &mut [u64]) {
    let mut slot = first;
    let mut rest = sums;
    while !rest.is_empty() {
        let (run, further) = rest.split_at_mut(rest.len().min(CHUNK_CELLS - slot.offset()));
        sum_run(slot, run);
        slot = slot.plus(run.len());
        rest = further;
    }
}

/// The sums of neighbouring slots in one chunk.
fn sum_run(first: Slot, sums: &mut [u64]) {
    sums.fill(0);
    let owned = slab::all().filter_map(|slab| slab.directory().get(first.chunk())?.get());
    for chunk in shared::chunk(first).into_iter().chain(owned) {
        for (sum, cell) in sums.iter_mut().zip(chunk.cells_from(first.offset())) {
            *sum = sum.wrapping_add(cell.load(Relaxed));
        }
    }
}
