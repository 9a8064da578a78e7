//! Native parts of all histograms, found by the slot of the series.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{
        AtomicBool, AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
};

use super::{
    bucket_range::BucketRange,
    index::{Bucket, NAN},
    schema::{Schema, WINDOW},
};
use crate::{
    cell::{CellKind, Cells, ExemplarSlot, SeriesShape, Slot, SlotTable, Slots},
    exemplar,
    sync::{OnceBox, global},
};

global! {
    RECORDS: SlotTable<OnceBox<Record>> = SlotTable::new()
}

/// Set with the first record. Before that there is nothing to clear.
static MADE: AtomicBool = AtomicBool::new(false);

/// Number of fixed cells, see [`super::index`], and of slots of exemplars after them.
pub(super) const FIXED: SeriesShape = SeriesShape { width: 4 + EXEMPLARS, special: CellKind::Integer };
pub(super) const BUCKETS: SeriesShape = SeriesShape { width: WINDOW, special: CellKind::Integer };

/// Number of exemplars of a histogram without classic buckets. Powers of two share them, by the lowest three bits of their number.
const EXEMPLARS: usize = 8;

/// Native part of the histogram at a slot. It stays with the slot, and a new owner of the slot resets it.
#[derive(Debug, Default)]
struct Record {
    /// Generation of the series that owns the record plus one, or zero without an owner.
    owner: AtomicU64,
    /// Fixed cells.
    fixed: AtomicU64,
    /// Current windows of both signs.
    current: [Current; 2],
    parts: Mutex<Parts>,
}

/// Current window. Its cells are zero while it is replaced, and no two windows have the same cells.
#[derive(Debug, Default)]
struct Current {
    cells: AtomicU64,
    window: AtomicU64,
}

#[derive(Debug, Default)]
struct Parts {
    fixed: Option<Slots>,
    /// Windows of both signs, in order of falling resolution.
    windows: [Vec<(BucketRange, Slots)>; 2],
}

impl Record {
    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn belongs_to(&self, series: Cells) -> bool {
        self.owner.load(Acquire) == owner(series)
    }

    /// Returns the cell of a bucket, if it exists.
    #[inline]
    fn find(&self, series: Cells, bucket: Bucket) -> Option<(Cells, usize)> {
        let found = match bucket {
            Bucket::Fixed(at) => (self.fixed.load(Acquire), at),
            Bucket::Of { sign, index } => {
                let current = &self.current[sign];
                let cells = current.cells.load(Acquire);
                let window = BucketRange::from_bits(current.window.load(Acquire));
                if current.cells.load(Relaxed) != cells {
                    return None;
                }
                (cells, window.bucket_at(index)?)
            }
        };
        // The record belonged to the series during the whole read. A replaced window has cells that nobody reads.
        (found.0 != 0 && self.belongs_to(series)).then(|| (Cells::from_bits(found.0), found.1))
    }

    /// Returns the cell of a bucket, or creates it; `None` if the series was removed or there is no room.
    #[cold]
    #[inline(never)]
    fn make(&self, series: Cells, bucket: Bucket, finest: Schema) -> Option<(Cells, usize)> {
        let mut parts = self.lock();
        if !series.is_current() {
            return None;
        }
        if !self.belongs_to(series) {
            self.reset(&mut parts);
            let fixed = Slots::allocate_guarded(FIXED)?;
            self.fixed.store(fixed.cells().to_bits(), Release);
            parts.fixed = Some(fixed);
            self.owner.store(owner(series), Release);
        }
        if let Bucket::Of { sign, index } = bucket {
            self.make_window(&mut parts.windows[sign], sign, index, finest)?;
        }
        self.find(series, bucket)
    }

    fn make_window(
        &self,
        windows: &mut Vec<(BucketRange, Slots)>,
        sign: usize,
        index: i32,
        finest: Schema,
    ) -> Option<()> {
        let window = match windows.last() {
            None => BucketRange::around(index, finest),
            Some((last, _)) if last.bucket_at(index).is_some() => return Some(()),
            Some((last, _)) => last.next(index),
        };
        let slots = Slots::allocate_guarded(BUCKETS)?;
        let current = &self.current[sign];
        current.cells.store(0, Release);
        current.window.store(window.to_bits(), Release);
        current.cells.store(slots.cells().to_bits(), Release);
        windows.push((window, slots));
        Some(())
    }

    /// Frees all slots of the record.
    fn reset(&self, parts: &mut Parts) {
        self.owner.store(0, Release);
        self.fixed.store(0, Release);
        for current in &self.current {
            current.cells.store(0, Release);
        }
        *parts = Parts::default();
    }
}

/// Returns the owner of a series' record.
const fn owner(series: Cells) -> u64 {
    series.generation() as u64 + 1
}

/// Adds a value to the native part of a histogram.
#[inline]
pub(crate) fn add(series: Cells, finest: Schema, value: f64) {
    let bucket = Bucket::of(value);
    let Some(record) = find_record(series.first()).or_else(|| make_record(series.first())) else { return };
    if let Some((cells, at)) = record.find(series, bucket).or_else(|| record.make(series, bucket, finest)) {
        cells.add(at, 1);
    }
}

/// Calls a function with the fixed cells and the windows by sign of a histogram's native part; returns `None` if it has none yet.
pub(super) fn with_parts<R>(
    series: Cells,
    read: impl FnOnce(Cells, &[Vec<(BucketRange, Slots)>; 2]) -> R,
) -> Option<R> {
    let record = find_record(series.first())?;
    let parts = record.lock();
    let fixed = parts.fixed.as_ref().filter(|_| record.belongs_to(series))?;
    Some(read(fixed.cells(), &parts.windows))
}

/// Returns the slot of the exemplar of a counted value, in a histogram without classic buckets.
pub(crate) fn exemplar_slot(series: Cells, value: f64) -> Option<ExemplarSlot> {
    let fixed = fixed_cells(series)?;
    let turn = match Bucket::of(value) {
        Bucket::Fixed(NAN) => return None,
        Bucket::Fixed(_) => 0,
        Bucket::Of { index, .. } => usize::try_from(index >> 8 & 7).ok()?,
    };
    Some(fixed.exemplar_slot(4 + turn))
}

/// Returns the slots of exemplars of a histogram without classic buckets.
pub(crate) fn exemplar_slots(series: Cells) -> impl Iterator<Item = ExemplarSlot> {
    fixed_cells(series)
        .into_iter()
        .flat_map(|fixed| (4..4 + EXEMPLARS).map(move |at| fixed.exemplar_slot(at)))
}

/// Returns the slot of the latest exemplar of a histogram without classic buckets.
pub(crate) fn latest_exemplar(series: Cells) -> Option<ExemplarSlot> {
    exemplar_slots(series)
        .filter_map(|slot| Some((exemplar::read(slot, |exemplar| exemplar.millis)?, slot)))
        .max_by_key(|(millis, _)| *millis)
        .map(|(_, slot)| slot)
}

fn fixed_cells(series: Cells) -> Option<Cells> {
    let bits = find_record(series.first()).filter(|record| record.belongs_to(series))?.fixed.load(Acquire);
    (bits != 0).then(|| Cells::from_bits(bits))
}

/// Removes the native parts of a range of slots, which are about to get another owner or to restart.
pub(crate) fn clear(first: Slot, count: usize) {
    if !MADE.load(Acquire) {
        return;
    }
    for record in (0..count).filter_map(|at| find_record(first.plus(at))) {
        record.reset(&mut record.lock());
    }
}

#[inline]
fn find_record(slot: Slot) -> Option<&'static Record> {
    RECORDS.get(slot)?.get()
}

/// Returns the record of a slot, or creates it; the sink of detached metrics has none.
#[cold]
fn make_record(slot: Slot) -> Option<&'static Record> {
    MADE.store(true, Release);
    Some(RECORDS.get_or_create(slot)?.get_or_init(Box::default))
}
