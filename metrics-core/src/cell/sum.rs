//! Sums over all slabs: the way a scrape and a handle's `get` read.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::{
    cells::Cells,
    exact_sum::ExactSum,
    shape::{CellKind, SeriesShape},
    shared,
    slab::{self, Slab, SlabCells, SlabList},
    slot::{CHUNK_CELLS, Slot},
    thread_delta, wide_sum,
};
use crate::sync::{AtomicU64, fence};

/// Number of slabs that are read without an allocation.
const INLINE: usize = 8;

/// The cells of all slabs at one time, for reading many series.
#[derive(Debug)]
pub(crate) struct CellReader {
    few: [SlabCells; INLINE],
    /// Number of slabs.
    count: usize,
    /// All of them, where they are more.
    many: Vec<SlabCells>,
    /// Keeps the slabs from being used again.
    _list: SlabList,
}

impl CellReader {
    /// A reader of the present slabs.
    pub(crate) fn new() -> Self {
        let list = slab::all();
        let (mut few, mut count) = ([SlabCells::NONE; INLINE], 0);
        for slab in list.iter() {
            if let Some(place) = few.get_mut(count) {
                *place = slab.cells();
            }
            count += 1;
        }
        let many = if count > INLINE { list.iter().map(Slab::cells).collect() } else { Vec::new() };
        Self { few, count, many, _list: list }
    }

    fn slabs(&self) -> &[SlabCells] {
        self.few.get(..self.count).unwrap_or(&self.many)
    }
    /// Sums up neighbouring series that are not guarded, as many as `sums` has room for.
    pub(crate) fn sum_series(&self, first: Slot, shape: SeriesShape, sums: &mut [u64]) {
        let cells = |series: usize| Cells::unguarded(first.plus(series * shape.width));
        if let Some(delta) = thread_delta::shown() {
            for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
                delta.sum(cells(series), shape, sums);
            }
            return;
        }
        sum_range(&|| self.slabs().iter().copied(), first, sums);
        if shape.special != CellKind::Integer {
            for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
                self.read_special(cells(series), shape, sums);
            }
        }
    }

    /// Sums up one series that lies in one chunk, as those do that were allocated alone.
    pub(crate) fn sum_cells(&self, cells: Cells, shape: SeriesShape, sums: &mut [u64]) {
        self.sum_chunk(cells.first().chunk_start(), [cells].into_iter(), shape, sums);
    }

    /// Sums up series that lie in the chunk that begins with a slot; `sums` has room for all of them.
    pub(crate) fn sum_chunk(
        &self,
        start: Slot,
        series: impl Iterator<Item = Cells> + Clone,
        shape: SeriesShape,
        sums: &mut [u64],
    ) {
        if let Some(delta) = thread_delta::shown() {
            series
                .zip(sums.chunks_exact_mut(shape.width))
                .for_each(|(cells, sums)| delta.sum(cells, shape, sums));
            return;
        }
        sums.fill(0);
        let mut changing = Vec::new();
        if let Some(shared) = shared::cells_from(start).first_chunk() {
            for (cells, sums) in series.clone().zip(sums.chunks_exact_mut(shape.width)) {
                add_run(shared, cells.word(0), sums);
                if !cells.is_current() {
                    changing.push(cells);
                }
            }
        }
        for slab in self.slabs() {
            let Some(chunk) = slab.cells_from(start).first_chunk() else { continue };
            for (cells, sums) in series.clone().zip(sums.chunks_exact_mut(shape.width)) {
                if !add_owned(chunk, cells, sums) {
                    changing.push(cells);
                }
            }
        }
        if shape.special == CellKind::Integer && changing.is_empty() {
            return;
        }
        for (cells, sums) in series.zip(sums.chunks_exact_mut(shape.width)) {
            if changing.contains(&cells) {
                self.sum_words(cells, sums);
            }
            self.read_special(cells, shape, sums);
        }
    }

    /// Sums up one series word by word: it comes or goes at this moment.
    #[cold]
    fn sum_words(&self, cells: Cells, sums: &mut [u64]) {
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum = cells.get_shared(at).wrapping_add(sum_owned(self.slabs().iter().copied(), cells, at));
        }
    }

    /// Reads the one word that does not add up as integers do.
    #[inline]
    fn read_special(&self, cells: Cells, shape: SeriesShape, sums: &mut [u64]) {
        let at = shape.special_at();
        let Some(sum) = sums.get_mut(at) else { return };
        match shape.special {
            CellKind::Integer => {}
            CellKind::Nanos => *sum = wide_sum::word(cells, *sum, || cells.sum(at)),
            CellKind::Float => {
                let owned = sum_owned_f64(self.slabs().iter().copied(), cells, at);
                *sum = (owned + f64::from_bits(cells.get_shared(at))).to_bits();
            }
            CellKind::Shared => *sum = cells.get_shared(at),
            CellKind::Mark => *sum = 0,
        }
    }
}

/// Sums up a few neighbouring series that are not guarded.
pub(crate) fn sum_few(first: Slot, shape: SeriesShape, sums: &mut [u64]) {
    let cells = |series: usize| Cells::unguarded(first.plus(series * shape.width));
    if let Some(delta) = thread_delta::shown() {
        for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
            delta.sum(cells(series), shape, sums);
        }
        return;
    }
    slab::with_all(|slabs| sum_range(&|| slabs.iter().map(Slab::cells), first, sums));
    let at = shape.special_at();
    for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
        let (cells, Some(sum)) = (cells(series), sums.get_mut(at)) else { return };
        match shape.special {
            CellKind::Integer => return,
            CellKind::Nanos => *sum = wide_sum::word(cells, *sum, || cells.sum(at)),
            CellKind::Float => *sum = cells.sum_f64(at).to_bits(),
            CellKind::Shared => *sum = cells.get_shared(at),
            CellKind::Mark => *sum = 0,
        }
    }
}

/// Sums up neighbouring slots, chunk by chunk.
fn sum_range<S: Iterator<Item = SlabCells>>(slabs: &impl Fn() -> S, first: Slot, sums: &mut [u64]) {
    let mut slot = first;
    let mut rest = sums;
    while !rest.is_empty() {
        let (run, further) = rest.split_at_mut(rest.len().min(CHUNK_CELLS - slot.offset()));
        sum_run(slabs(), slot, run);
        slot = slot.plus(run.len());
        rest = further;
    }
}

/// Sums up neighbouring slots in one chunk.
fn sum_run(slabs: impl Iterator<Item = SlabCells>, first: Slot, sums: &mut [u64]) {
    sums.fill(0);
    for cells in std::iter::once(shared::cells_from(first)).chain(slabs.map(|slab| slab.cells_from(first))) {
        add_cells(cells, sums);
    }
}

/// Adds a slab's words of a series; returns `false` where they became another series' while they were added.
#[inline]
fn add_owned(chunk: &[AtomicU64; CHUNK_CELLS], cells: Cells, sums: &mut [u64]) -> bool {
    let generation = u64::from(cells.generation());
    if generation == 0 {
        add_run(chunk, cells.first(), sums);
        return true;
    }
    let owner = &chunk[cells.first().offset()];
    if owner.load(Acquire) != generation {
        return true;
    }
    add_run(chunk, cells.word(0), sums);
    fence(Acquire);
    owner.load(Relaxed) == generation
}

/// Adds the cells from a slot on.
#[inline]
fn add_run(chunk: &[AtomicU64; CHUNK_CELLS], first: Slot, sums: &mut [u64]) {
    if let [sum] = sums {
        *sum = sum.wrapping_add(chunk[first.offset()].load(Relaxed));
        return;
    }
    add_cells(&chunk[first.offset()..], sums);
}

#[inline]
fn add_cells(cells: &[AtomicU64], sums: &mut [u64]) {
    for (sum, cell) in sums.iter_mut().zip(cells) {
        *sum = sum.wrapping_add(cell.load(Relaxed));
    }
}

fn sum_owned(slabs: impl Iterator<Item = SlabCells>, cells: Cells, at: usize) -> u64 {
    owned(slabs, cells, at).fold(0, u64::wrapping_add)
}

fn sum_owned_f64(slabs: impl Iterator<Item = SlabCells>, cells: Cells, at: usize) -> f64 {
    let mut values = owned(slabs, cells, at).map(f64::from_bits);
    let first = values.next().unwrap_or(0.0);
    let Some(second) = values.next() else { return first };
    let mut sum = ExactSum::new();
    [first, second].into_iter().chain(values).for_each(|value| sum.add(value));
    sum.rounded()
}

/// The cells of a word of this series in the threads' slabs.
fn owned(slabs: impl Iterator<Item = SlabCells>, cells: Cells, at: usize) -> impl Iterator<Item = u64> {
    let word = cells.word(at);
    slabs.filter_map(move |slab| {
        let cell = slab.cell(word)?;
        if cells.generation() == 0 {
            return Some(cell.load(Relaxed));
        }
        let (own, generation) = (slab.cell(cells.first())?, u64::from(cells.generation()));
        if own.load(Acquire) != generation {
            return None;
        }
        let value = cell.load(Relaxed);
        // What was read is the next series', if that one has begun meanwhile.
        fence(Acquire);
        (own.load(Relaxed) == generation).then_some(value)
    })
}

impl Cells {
    /// Sums up a word over all slabs, the shared cells included.
    pub(crate) fn sum(self, at: usize) -> u64 {
        self.get_shared(at).wrapping_add(self.sum_owned(at))
    }

    /// Sums up a word over the threads' slabs alone.
    pub(crate) fn sum_owned(self, at: usize) -> u64 {
        slab::with_all(|slabs| sum_owned(slabs.iter().map(Slab::cells), self, at))
    }

    /// Sums up a floating-point word. The threads' cells are rounded first, so that the sum is exactly zero for a new owner and
    /// never decreases while its cells do not.
    pub(crate) fn sum_f64(self, at: usize) -> f64 {
        self.sum_owned_f64(at) + f64::from_bits(self.get_shared(at))
    }

    /// Sums up a floating-point word over the threads' slabs alone.
    pub(super) fn sum_owned_f64(self, at: usize) -> f64 {
        slab::with_all(|slabs| sum_owned_f64(slabs.iter().map(Slab::cells), self, at))
    }

    /// Sums up a word of nanoseconds; see [`wide_seconds`](super::wide_seconds) for very large ones.
    pub(crate) fn sum_nanos(self, at: usize) -> u64 {
        wide_sum::word(self, self.sum(at), || self.sum(at))
    }
}
