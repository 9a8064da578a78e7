//! Sums over all slabs: the way a scrape and a handle's `get` read.

use std::{
    slice,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

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

/// The cells of all slabs, for reading many series. It is empty until the first series is read.
#[derive(Debug, Default)]
pub(crate) struct CellReader {
    slabs: Vec<SlabCells>,
    /// Keeps the slabs from being used again.
    list: SlabList,
    /// Version of the slabs, zero for none.
    version: u64,
}

impl CellReader {
    #[inline]
    fn is_current(&self) -> bool {
        self.version == slab::version()
    }

    /// Reads the list of slabs again.
    #[cold]
    #[inline(never)]
    fn refresh(&mut self) {
        // First, so that a later change is noticed.
        self.version = slab::version();
        self.list = slab::all();
        self.slabs.clear();
        self.slabs.extend(self.list.iter().map(Slab::cells));
    }

    /// Calls a function that sums up series with the present slabs.
    ///
    /// A slab that grows meanwhile has later counts elsewhere, which a shared cell may subtract already, so the sums are read again.
    #[inline]
    fn read(&mut self, mut sum: impl FnMut(&Self)) {
        if !self.is_current() {
            self.refresh();
        }
        sum(self);
        fence(Acquire);
        if !self.is_current() {
            self.refresh();
            sum(self);
        }
    }

    /// Sums up neighbouring series that are not guarded, as many as `sums` has room for.
    pub(crate) fn sum_series(&mut self, first: Slot, shape: SeriesShape, sums: &mut [u64]) {
        let cells = |series: usize| Cells::unguarded(first.plus(series * shape.width));
        if let Some(delta) = thread_delta::shown() {
            for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
                delta.sum(cells(series), shape, sums);
            }
            return;
        }
        self.read(|reader| {
            reader.sum_range(first, sums);
            if shape.special != CellKind::Integer {
                for (series, sums) in sums.chunks_exact_mut(shape.width).enumerate() {
                    reader.read_special(cells(series), shape, sums);
                }
            }
        });
    }

    /// Sums up neighbouring slots, chunk by chunk.
    fn sum_range(&self, first: Slot, sums: &mut [u64]) {
        let mut slot = first;
        let mut rest = sums;
        while !rest.is_empty() {
            let (run, further) = rest.split_at_mut(rest.len().min(CHUNK_CELLS - slot.offset()));
            self.sum_run(slot, run);
            slot = slot.plus(run.len());
            rest = further;
        }
    }

    /// Sums up neighbouring slots in one chunk.
    fn sum_run(&self, first: Slot, sums: &mut [u64]) {
        if let [sum] = sums {
            // A family without labels, of which a page may have many.
            let owned = self.slabs.iter().filter_map(|slab| slab.cell(first));
            *sum = owned.fold(shared::get(first), |sum, cell| sum.wrapping_add(cell.load(Relaxed)));
            return;
        }
        sums.fill(0);
        add_cells(shared::cells_from(first), sums);
        for slab in &self.slabs {
            add_cells(slab.cells_from(first), sums);
        }
    }

    /// Sums up one series that lies in one chunk, as those do that were allocated alone.
    pub(crate) fn sum_cells(&mut self, cells: Cells, shape: SeriesShape, sums: &mut [u64]) {
        self.sum_chunk(cells.first().chunk_start(), [cells].into_iter(), shape, sums);
    }

    /// Sums up series that lie in the chunk that begins with a slot; `sums` has room for all of them.
    pub(crate) fn sum_chunk(
        &mut self,
        start: Slot,
        series: impl Iterator<Item = Cells> + Clone,
        shape: SeriesShape,
        sums: &mut [u64],
    ) {
        if let Some(delta) = thread_delta::shown() {
            return zip_sums(series, shape, sums, |cells, sums| delta.sum(cells, shape, sums));
        }
        self.read(|reader| reader.sum_guarded(start, series.clone(), shape, sums));
    }

    fn sum_guarded(
        &self,
        start: Slot,
        series: impl Iterator<Item = Cells> + Clone,
        shape: SeriesShape,
        sums: &mut [u64],
    ) {
        sums.fill(0);
        let mut changing = Vec::new();
        if let Some(shared) = shared::cells_from(start).first_chunk() {
            zip_sums(series.clone(), shape, sums, |cells, sums| {
                add_run(shared, cells.word(0), sums);
                if !cells.is_current() {
                    changing.push(cells);
                }
            });
        }
        for slab in &self.slabs {
            let Some(chunk) = slab.cells_from(start).first_chunk() else { continue };
            zip_sums(series.clone(), shape, sums, |cells, sums| {
                if !add_owned(chunk, cells, sums) {
                    changing.push(cells);
                }
            });
        }
        if shape.special == CellKind::Integer && changing.is_empty() {
            return;
        }
        zip_sums(series, shape, sums, |cells, sums| {
            if changing.contains(&cells) {
                self.sum_words(cells, sums);
            }
            self.read_special(cells, shape, sums);
        });
    }

    /// Sums up one series word by word: it comes or goes at this moment.
    #[cold]
    fn sum_words(&self, cells: Cells, sums: &mut [u64]) {
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum = cells.get_shared(at).wrapping_add(sum_owned(self.slabs.iter().copied(), cells, at));
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
                let owned = sum_owned_f64(self.slabs.iter().copied(), cells, at);
                *sum = (owned + f64::from_bits(cells.get_shared(at))).to_bits();
            }
            CellKind::Shared => *sum = cells.get_shared(at),
            CellKind::Mark => *sum = 0,
        }
    }
}

/// Calls a function with each series and its sums. Series of one word, of which there are most, have a loop of their own.
#[inline]
fn zip_sums(
    series: impl Iterator<Item = Cells>,
    shape: SeriesShape,
    sums: &mut [u64],
    mut add: impl FnMut(Cells, &mut [u64]),
) {
    if shape.width == 1 {
        series.zip(sums).for_each(|(cells, sum)| add(cells, slice::from_mut(sum)));
    } else {
        series.zip(sums.chunks_exact_mut(shape.width)).for_each(|(cells, sums)| add(cells, sums));
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

#[cfg(all(test, not(metrics_core_loom)))]
mod tests {
    use std::thread;

    use super::*;
    use crate::cell::{Slots, slot::FLAT_SLOTS};

    const COUNTER: SeriesShape = SeriesShape { width: 1, special: CellKind::Integer };

    #[test]
    fn a_reader_sees_counts_of_threads_and_in_cells_from_after_its_first_reading() {
        let (mut reader, mut sums) = (CellReader::default(), [0]);
        let mut read = |slots: &Slots| {
            reader.sum_series(slots.first(), COUNTER, &mut sums);
            sums[0]
        };
        let first = Slots::allocate(1, COUNTER).expect("slots");
        first.cells().add(0, 1);
        assert_eq!(read(&first), 1);
        thread::scope(|scope| {
            scope.spawn(|| first.cells().add(0, 2));
        });
        assert_eq!(read(&first), 3);
        // Too many for flat cells, and this thread has no chunks yet, so that its slab grows.
        let many = Slots::allocate(FLAT_SLOTS, COUNTER).expect("slots");
        many.cells().add(0, 4);
        first.cells().add(0, 8);
        assert_eq!((read(&first), read(&many)), (11, 4));
    }
}
