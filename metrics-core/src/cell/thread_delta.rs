//! Counts of some threads in some spans of time, by which a test reads its own counts.
//!
//! A cell has one writer, so a thread's counts in a span of time are the growth of its slab's cells. A delta is a list of such spans.
//! While it is [shown](ThreadDelta::show), the showing thread reads series by the delta and not by all slabs.

use std::{
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomData,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed},
};

use super::{
    cells::Cells,
    shape::{CellKind, SeriesShape},
    slab::Slab,
    slot::{CHUNK_CELLS, Slot},
    thread_slab,
};
use crate::sync::{Mutex as SyncMutex, global, lock};

/// Spans in which threads have counted for a test.
#[derive(Debug, Default)]
pub(crate) struct ThreadDelta(Mutex<Spans>);

#[derive(Debug, Default)]
struct Spans {
    spans: Vec<DeltaSpan>,
    last: u64,
}

/// Span of time in which one thread counts for a delta.
struct DeltaSpan {
    number: u64,
    slab: &'static Slab,
    start: SlabSnapshot,
    /// Cells at the end; `None` during the span, when the slab is read.
    end: Option<SlabSnapshot>,
}

/// Copy of a slab's cells at one time.
#[derive(PartialEq, Eq)]
struct SlabSnapshot {
    flat: Vec<u64>,
    /// Chunks in the order of their numbers.
    chunked: Vec<(usize, Vec<u64>)>,
}

/// Guard while which a thread counts for a delta. It is dropped on the same thread.
#[derive(Debug)]
pub(crate) struct Entered {
    /// `None` if the thread was counting for the delta already.
    span: Option<(Arc<ThreadDelta>, u64)>,
    of_thread: PhantomData<*const ()>,
}

global! {
    /// Number of deltas that have spans.
    DELTAS: SyncMutex<usize> = SyncMutex::new(0)
}

/// Runs a function that may decrease cells, unless there is a delta, which would be wrong then.
pub(super) fn unless_any(work: impl FnOnce()) {
    let deltas = lock(&DELTAS);
    if *deltas == 0 {
        work();
    }
}

thread_local! {
    /// Deltas for which the thread counts.
    static COUNTED: RefCell<Vec<Arc<ThreadDelta>>> = const { RefCell::new(Vec::new()) };

    /// Delta by which the thread reads.
    static SHOWN: RefCell<Option<Arc<ThreadDelta>>> = const { RefCell::new(None) };

    /// Set while the thread reads by a delta.
    static SHOWS: Cell<bool> = const { Cell::new(false) };
}

impl SlabSnapshot {
    fn of(slab: &Slab) -> Self {
        let cells = slab.cells();
        let flat = cells.flat.iter().map(|cell| cell.load(Relaxed)).collect();
        let chunk = |(number, cells): (usize, &[crate::sync::AtomicU64])| {
            (number, cells.iter().map(|cell| cell.load(Relaxed)).collect())
        };
        Self { flat, chunked: cells.chunks().map(chunk).collect() }
    }

    fn get(&self, slot: Slot) -> u64 {
        let chunked = || {
            let at = self.chunked.binary_search_by_key(&slot.chunk(), |(number, _)| *number).ok()?;
            self.chunked[at].1.get(slot.index() % CHUNK_CELLS)
        };
        self.flat.get(slot.index()).or_else(chunked).copied().unwrap_or(0)
    }
}

impl DeltaSpan {
    fn now(&self, slot: Slot) -> u64 {
        let live = || self.slab.cells().cell(slot).map_or(0, |cell| cell.load(Relaxed));
        self.end.as_ref().map_or_else(live, |end| end.get(slot))
    }

    /// Returns a word of a series at the start and now.
    fn word(&self, cells: Cells, at: usize) -> Option<(u64, u64)> {
        let (first, word, generation) = (cells.first(), cells.word(at), u64::from(cells.generation()));
        if generation == 0 {
            return Some((self.start.get(word), self.now(word)));
        }
        // Cells of a former owner of the slots do not belong to the series.
        let start = if self.start.get(first) == generation { self.start.get(word) } else { 0 };
        (self.now(first) == generation).then(|| (start, self.now(word)))
    }
}

impl fmt::Debug for DeltaSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeltaSpan").field("number", &self.number).finish_non_exhaustive()
    }
}

impl ThreadDelta {
    fn lock(&self) -> MutexGuard<'_, Spans> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the current thread from now on; returns `None` if it has no cells of its own, as there are too many threads.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Entered> {
        let counts =
            |deltas: &RefCell<Vec<Arc<Self>>>| deltas.borrow().iter().any(|delta| Arc::ptr_eq(delta, self));
        if COUNTED.try_with(counts).unwrap_or(true) {
            return Some(Entered { span: None, of_thread: PhantomData });
        }
        let slab = thread_slab::slab()?;
        let mut spans = self.lock();
        if spans.last == 0 {
            *lock(&DELTAS) += 1;
        }
        spans.last += 1;
        let number = spans.last;
        spans.spans.push(DeltaSpan { number, slab, start: SlabSnapshot::of(slab), end: None });
        drop(spans);
        COUNTED.with(|deltas| deltas.borrow_mut().push(Arc::clone(self)));
        Some(Entered { span: Some((Arc::clone(self), number)), of_thread: PhantomData })
    }

    fn leave(&self, number: u64) {
        let mut spans = self.lock();
        let Some(at) = spans.spans.iter().position(|span| span.number == number) else { return };
        let mut span = spans.spans.swap_remove(at);
        let end = SlabSnapshot::of(span.slab);
        if end == span.start {
            return;
        }
        // A task enters and leaves with each poll, and usually nothing else has counted on the thread in between.
        let continues = |other: &&mut DeltaSpan| {
            std::ptr::eq(other.slab, span.slab) && other.end.as_ref() == Some(&span.start)
        };
        if let Some(former) = spans.spans.iter_mut().find(continues) {
            former.end = Some(end);
        } else {
            span.end = Some(end);
            spans.spans.push(span);
        }
    }

    /// Runs a function while this thread reads by the delta.
    pub(crate) fn show<R>(self: &Arc<Self>, read: impl FnOnce() -> R) -> R {
        struct Restore(Option<Arc<ThreadDelta>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                let former = self.0.take();
                SHOWS.set(former.is_some());
                SHOWN.with(|shown| *shown.borrow_mut() = former);
            }
        }
        let former = SHOWN.with(|shown| shown.borrow_mut().replace(Arc::clone(self)));
        let _restore = Restore(former);
        SHOWS.set(true);
        read()
    }

    /// Adds up one series. A word with one value for the whole process has that value.
    pub(super) fn sum(&self, cells: Cells, shape: SeriesShape, sums: &mut [u64]) {
        let spans = self.lock();
        for (at, sum) in sums.iter_mut().enumerate() {
            let words = spans.spans.iter().filter_map(|span| span.word(cells, at));
            *sum = match shape.word(at) {
                CellKind::Integer if shape.special == CellKind::Mark => cells.sum(at),
                CellKind::Integer | CellKind::Nanos => {
                    words.fold(0, |sum: u64, (start, now)| sum.wrapping_add(now.wrapping_sub(start)))
                }
                CellKind::Float => {
                    let grown = words.map(|(start, now)| f64::from_bits(now) - f64::from_bits(start));
                    grown.fold(0.0, |sum, grown| sum + grown).to_bits()
                }
                CellKind::Shared => cells.get_shared(at),
                CellKind::Mark => 0,
            };
        }
    }
}

impl Drop for ThreadDelta {
    fn drop(&mut self) {
        if self.lock().last > 0 {
            *lock(&DELTAS) -= 1;
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let Some((delta, number)) = self.span.take() else { return };
        delta.leave(number);
        // Without the list the thread is ending.
        let _ = COUNTED.try_with(|deltas| {
            let left: Vec<_> = mem::take(&mut *deltas.borrow_mut());
            *deltas.borrow_mut() = left.into_iter().filter(|other| !Arc::ptr_eq(other, &delta)).collect();
        });
    }
}

/// Returns the delta by which this thread reads.
pub(super) fn shown() -> Option<Arc<ThreadDelta>> {
    if !SHOWS.get() {
        return None;
    }
    SHOWN.with(|shown| shown.borrow().clone())
}

/// Returns whether this thread reads by a delta, and so does not see all counts.
pub(crate) fn is_shown() -> bool {
    SHOWS.get()
}
