//! Counts outside of the fast path: cells in chunks, cells not yet allocated, removed series, exemplars.

use std::sync::atomic::Ordering::{Relaxed, Release};

use super::{
    cells::{Cells, add_owned, add_owned_f64},
    observer, shared, thread_slab, wide_sum,
};
use crate::sync::{AtomicU64, fence};

/// Destination of a write.
enum Target {
    /// This thread's cell.
    Own(&'static AtomicU64),
    /// The shared cells.
    Shared,
    /// No cell: the series was removed.
    Removed,
}

impl Cells {
    #[inline(never)]
    pub(super) fn count_slowly(self, amount: u64) {
        match self.chunked(0) {
            Some(cell) if !observer::has_sampler() => add_owned(cell, amount),
            _ => self.count_sampled(amount),
        }
    }

    #[cold]
    #[inline(never)]
    fn count_sampled(self, amount: u64) {
        observer::sample(self.exemplar_slot(0), amount as f64);
        self.add_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn count_f64_slowly(self, amount: f64) {
        observer::sample(self.exemplar_slot(0), amount);
        self.add_f64_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn add_to_bucket_slowly(self, bucket: usize, buckets: usize, value: f64) {
        // A histogram of one bucket is a summary, which has no exemplars.
        if buckets > 1 {
            observer::sample(self.exemplar_slot(bucket), value);
        }
        self.add_slowly(bucket, 1);
    }

    #[inline(never)]
    pub(super) fn add_slowly(self, at: usize, amount: u64) {
        if let Some(cell) = self.chunked(at).or_else(|| self.own_in(thread_slab::flat_cells(), at)) {
            return add_owned(cell, amount);
        }
        match self.target(at) {
            Target::Own(cell) => add_owned(cell, amount),
            Target::Shared => self.with_shared(at, |cell| {
                cell.fetch_add(amount, Release);
            }),
            Target::Removed => {}
        }
    }

    #[inline(never)]
    pub(super) fn add_f64_slowly(self, at: usize, amount: f64) {
        if let Some(cell) = self.own_in(thread_slab::flat_cells(), at) {
            return add_owned_f64(cell, amount);
        }
        match self.target(at) {
            Target::Own(cell) => add_owned_f64(cell, amount),
            Target::Shared => self.add_shared_f64(at, amount),
            Target::Removed => {}
        }
    }

    #[cold]
    pub(super) fn add_large_nanos(self, at: usize, nanos: u64) {
        wide_sum::add_large(self, nanos, || self.add(at, nanos), || self.sum(at));
    }

    /// Marks the second word in the shared cell. The mark is never removed.
    pub(crate) fn mark(self) {
        self.set_shared(1, 1);
    }

    #[inline(never)]
    pub(super) fn add_marked_slowly(self, amount: u64) {
        if self.add_where_marked(thread_slab::flat_cells(), amount) {
            return;
        }
        let mark = self.target(1);
        if !matches!(mark, Target::Own(mark) if mark.load(Relaxed) != 0) {
            self.mark();
            if let Target::Own(mark) = mark {
                mark.store(1, Relaxed);
            }
        }
        self.add(0, amount);
    }

    /// Returns this thread's cell of a word in a chunk, if the thread has touched it and it belongs to the series.
    #[inline]
    fn chunked(self, at: usize) -> Option<&'static AtomicU64> {
        if self.generation() != 0 {
            let owner = thread_slab::chunked_cell(self.first())?;
            if owner.load(Relaxed) != u64::from(self.generation()) {
                return None;
            }
        }
        thread_slab::chunked_cell(self.word(at))
    }

    /// Returns the destination of a write. Resets this thread's cells if they belong to a removed series.
    fn target(self, at: usize) -> Target {
        let word = self.word(at);
        if !word.exists() {
            return Target::Removed;
        }
        let Some(cell) = thread_slab::cell(word).or_else(|| thread_slab::touch(word)) else {
            return Target::Shared;
        };
        if self.generation() == 0 {
            return Target::Own(cell);
        }
        // A guarded series lies within one chunk, so its other cells exist as well.
        let Some(own) = thread_slab::cell(self.first()) else { return Target::Shared };
        if own.load(Relaxed) == u64::from(self.generation()) {
            return Target::Own(cell);
        }
        let Some(width) = shared::current_width(self) else { return Target::Removed };
        for cell in (0..width).filter_map(|at| thread_slab::cell(self.word(at))) {
            cell.store(0, Relaxed);
        }
        own.store(u64::from(self.generation()), Release);
        // A reader that sees later additions must also see the new generation.
        fence(Release);
        Target::Own(cell)
    }
}
