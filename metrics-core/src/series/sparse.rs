//! Storage for label sets with capped strings: a series gets its slots with its first observation, and may be removed.

use std::{
    sync::{
        Arc, PoisonError,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
    time::{Duration, Instant},
};

use super::series_ref::SeriesRef;
use crate::{
    cell::{Cells, SeriesShape, Slots, next_version},
    clock::unix_millis,
    label::Interners,
    sync::{AtomicU64, Mutex, MutexGuard, OnceBox, size, zeroes},
};

const PAGE: usize = size(256, 4);

/// The cells of each position's series, or zero where there is none. Looking up a series takes two loads and no lock.
#[derive(Debug)]
pub(super) struct Sparse {
    pages: Box<[OnceBox<[AtomicU64; PAGE]>]>,
    shape: SeriesShape,
    idle: IdleRule,
    /// The series in the order in which they came. A reader takes the list as it is; a writer copies it only while a reader
    /// has it.
    series: Mutex<Arc<Vec<Arc<SparseSeries>>>>,
}

/// The rule by which series are forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdleRule {
    /// Time without a change after which a series is forgotten.
    pub(super) ttl: Option<Duration>,
    /// Set for gauges: one that is not zero is never forgotten, as what was added will be taken away.
    pub(super) keeps_levels: bool,
}

/// One series.
#[derive(Debug)]
pub(super) struct SparseSeries {
    pub(super) position: usize,
    pub(super) labels: Box<str>,
    slots: Slots,
    since: u64,
    /// Set where series are forgotten.
    activity: Option<Box<Activity>>,
}

/// The latest change of a series.
#[derive(Debug)]
struct Activity {
    ttl: Duration,
    keeps_levels: bool,
    /// The sums then, and the time of it.
    last: Mutex<(Vec<u64>, Instant)>,
}

impl SparseSeries {
    /// Notes the sums, and returns whether they have been the same for longer than the series is kept.
    pub(super) fn is_idle(&self, sums: &[u64]) -> bool {
        let Some(activity) = &self.activity else { return false };
        let mut last = activity.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0 != sums {
            *last = (sums.to_vec(), Instant::now());
        }
        let is_level = activity.keeps_levels && sums.first().is_some_and(|level| *level != 0);
        !is_level && last.1.elapsed() > activity.ttl
    }

    pub(super) const fn cells(&self) -> Cells {
        self.slots.cells()
    }

    pub(super) const fn origin(&self) -> SeriesRef {
        SeriesRef { cells: self.cells(), since: self.since, position: 0 }
    }
}

/// Position and labels of a series that is made.
pub(super) struct NewSeries {
    pub(super) position: usize,
    pub(super) labels: Box<str>,
    /// The position of each label's value.
    pub(super) value_ids: Vec<usize>,
}

impl Sparse {
    pub(super) fn new(positions: usize, shape: SeriesShape, idle: IdleRule) -> Self {
        let pages = std::iter::repeat_with(OnceBox::new).take(positions.div_ceil(PAGE)).collect();
        Self { pages, shape, idle, series: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Vec<Arc<SparseSeries>>>> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The series as they are now.
    pub(super) fn series(&self) -> Arc<Vec<Arc<SparseSeries>>> {
        Arc::clone(&self.lock())
    }

    /// The cells of the series at a position, if there is one.
    #[inline]
    pub(super) fn get(&self, position: usize) -> Option<Cells> {
        let page = self.pages.get(position / PAGE)?.get()?;
        let bits = page[position % PAGE].load(Acquire);
        (bits != 0).then(|| Cells::from_bits(bits))
    }

    /// Makes the series at a position, unless another thread has made it; `None` where the position no longer means what it did
    /// when the interners had `version`.
    pub(super) fn make(
        &self,
        interners: &Interners,
        version: u64,
        new: impl FnOnce() -> NewSeries,
    ) -> Option<Cells> {
        let mut series = self.lock();
        // Strings are removed under this lock alone, so what holds here goes on holding until it is released.
        if !interners.holds(version) {
            return None;
        }
        let NewSeries { position, labels, value_ids } = new();
        if let Some(cells) = self.get(position) {
            return Some(cells);
        }
        let sink = Some(Slots::sink().cells());
        let Some(page) = self.pages.get(position / PAGE) else { return sink };
        let page = page.get_or_init(|| Box::new(zeroes()));
        let Some(slots) = Slots::allocate_guarded(self.shape) else { return sink };
        let cells = slots.cells();
        interners.retain(value_ids.into_iter());
        let IdleRule { ttl, keeps_levels } = self.idle;
        let last = || Mutex::new((Vec::new(), Instant::now()));
        let activity = ttl.map(|ttl| Box::new(Activity { ttl, keeps_levels, last: last() }));
        Arc::make_mut(&mut series).push(Arc::new(SparseSeries {
            position,
            labels,
            slots,
            since: unix_millis(),
            activity,
        }));
        page[position % PAGE].store(cells.to_bits(), Release);
        Some(cells)
    }

    /// Removes the series for which `gone` says so, and the strings that no other series has; returns them.
    pub(super) fn remove(
        &self,
        interners: &Interners,
        version: &AtomicU64,
        value_ids: impl Fn(usize) -> Vec<usize>,
        mut gone: impl FnMut(&Arc<SparseSeries>) -> bool,
    ) -> Vec<Arc<SparseSeries>> {
        let mut series = self.lock();
        let removed: Vec<_> = series.iter().filter(|series| gone(series)).cloned().collect();
        if removed.is_empty() {
            return removed;
        }
        for old in &removed {
            if let Some(page) = self.pages.get(old.position / PAGE).and_then(OnceBox::get) {
                page[old.position % PAGE].store(0, Release);
            }
            interners.release(value_ids(old.position).into_iter());
            old.slots.retire();
        }
        // Last: a thread caches what it looks up meanwhile for the version that ends here. Relaxed, as it comes after the release
        // fence of the interners' release: a look-up in the next version sees after the fence in `Interners::holds` that the
        // series is gone, or that the interners' version is another one.
        version.store(next_version(), Relaxed);
        Arc::make_mut(&mut series).retain(|series| !removed.iter().any(|old| Arc::ptr_eq(old, series)));
        removed
    }
}
