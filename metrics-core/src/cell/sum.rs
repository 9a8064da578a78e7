//! Reading many series at once: the way a scrape reads.

use std::sync::atomic::Ordering::Relaxed;

use super::{
    cells::Cells,
    chunk::{CHUNK_CELLS, Slot},
    shape::{CellKind, SeriesShape},
    shared, slab, thread_delta,
};

/// The sums of neighbouring series that are not guarded, as many as `sums` has room for.
pub(crate) fn sum_series(first: Slot, shape: SeriesShape, sums: &mut [u64]) {
    if let Some(view) = thread_delta::shown() {
        for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
            view.sum(Cells::unguarded(first.plus(series * shape.width)), shape, sums);
        }
        return;
    }
    sum_range(first, sums);
    if shape.special == CellKind::Integer {
        return;
    }
    for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
        let cells = Cells::unguarded(first.plus(series * shape.width));
        if let Some(sum) = sums.get_mut(shape.special_at()) {
            *sum = special_word(cells, shape);
        }
    }
}

/// The sums of one series.
pub(crate) fn sum_cells(cells: Cells, shape: SeriesShape, sums: &mut [u64]) {
    if let Some(view) = thread_delta::shown() {
        return view.sum(cells, shape, sums);
    }
    for (at, sum) in sums.iter_mut().enumerate() {
        *sum = cells.sum(at);
    }
    if let (Some(sum), true) = (sums.get_mut(shape.special_at()), shape.special != CellKind::Integer) {
        *sum = special_word(cells, shape);
    }
}

fn special_word(cells: Cells, shape: SeriesShape) -> u64 {
    let at = shape.special_at();
    match shape.special {
        CellKind::Integer => cells.sum(at),
        CellKind::Float => cells.sum_f64(at).to_bits(),
        CellKind::Shared => cells.get_shared(at),
        CellKind::Mark => 0,
    }
}

/// The sums of neighbouring slots, chunk by chunk.
fn sum_range(first: Slot, sums: &mut [u64]) {
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
    let shared = shared::chunk(first).map(|chunk| chunk.cells_from(first.offset())).unwrap_or_default();
    for cells in std::iter::once(shared).chain(slab::all().map(|slab| slab.cells().cells_from(first))) {
        for (sum, cell) in sums.iter_mut().zip(cells) {
            *sum = sum.wrapping_add(cell.load(Relaxed));
        }
    }
}
