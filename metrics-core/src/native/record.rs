//! The native parts of all histograms, found by the slot of their series.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{
        AtomicBool, AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
};

use once_cell::race::OnceBox;

use super::{
    bucket_range::BucketRange,
    index::{Bucket, NAN},
    schema::{Schema, WINDOW},
};
use crate::{
    cell::{CellKind, Cells, ExemplarSlot, SeriesShape, Slots},
    exemplar,
};

/// Slots of one part of the directory, parts of one page of it, and pages: all slots have a place.
const PART: usize = 512;
const PAGE: usize = 256;
const PAGES: usize = 256;

struct Part([OnceBox<Record>; PART]);

struct Page([OnceBox<Part>; PAGE]);

static DIRECTORY: [OnceBox<Page>; PAGES] = [const { OnceBox::new() }; PAGES];

/// Whether there is a record at all: where there is none, nothing is to be forgotten.
static MADE: AtomicBool = AtomicBool::new(false);

/// Cells that are always there, see [`super::index`], and after them those by whose place exemplars are kept.
pub(super) const FIXED: SeriesShape = SeriesShape { width: 4 + EXEMPLARS, special: CellKind::Integer };
pub(super) const BUCKETS: SeriesShape = SeriesShape { width: WINDOW, special: CellKind::Integer };

/// Where a histogram without classic buckets keeps exemplars: powers of two share them in turn, by three bits of their number.
const EXEMPLARS: usize = 8;

/// The native part of the histogram at a slot. It stays with the slot; a new owner of the slot makes it anew.
#[derive(Debug, Default)]
struct Record {
    /// One more than the generation of the series that it belongs to; zero where it belongs to none.
    owner: AtomicU64,
    /// The cells that are always there.
    fixed: AtomicU64,
    /// The windows that are counted in, of both signs.
    current: [Current; 2],
    parts: Mutex<Parts>,
}

/// The window that is counted in. Its cells are zero while it is replaced, and no two windows ever have the same.
#[derive(Debug, Default)]
struct Current {
    cells: AtomicU64,
    window: AtomicU64,
}

#[derive(Debug, Default)]
struct Parts {
    fixed: Option<Slots>,
    /// The windows of both signs, of falling resolution.
    windows: [Vec<(BucketRange, Slots)>; 2],
}

impl Record {
    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn belongs_to(&self, series: Cells) -> bool {
        self.owner.load(Acquire) == owner(series)
    }

    /// The cell of a bucket, where there is one already.
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
                (cells, window.place(index)?)
            }
        };
        // All of it was read while it belonged to the series. What was replaced since then has cells that nobody reads.
        (found.0 != 0 && self.belongs_to(series)).then(|| (Cells::from_bits(found.0), found.1))
    }

    /// The cell of a bucket, which is made where it is missing; `None` where the series is gone, or there is no room.
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
            Some((last, _)) if last.place(index).is_some() => return Some(()),
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

    /// Gives everything back.
    fn reset(&self, parts: &mut Parts) {
        self.owner.store(0, Release);
        self.fixed.store(0, Release);
        for current in &self.current {
            current.cells.store(0, Release);
        }
        *parts = Parts::default();
    }
}

/// Whom a record belongs to.
const fn owner(series: Cells) -> u64 {
    series.generation() as u64 + 1
}

/// Adds a value to the native part of a histogram.
#[inline]
pub(crate) fn add(series: Cells, finest: Schema, value: f64) {
    let bucket = Bucket::of(value);
    let Some(record) = find_record(series.number()).or_else(|| make_record(series.number())) else { return };
    if let Some((cells, at)) = record.find(series, bucket).or_else(|| record.make(series, bucket, finest)) {
        cells.add(at, 1);
    }
}

/// Calls `read` with the fixed cells of a histogram's native part and its windows by sign; `None` where nothing was ever added.
pub(super) fn with_parts<R>(
    series: Cells,
    read: impl FnOnce(Cells, &[Vec<(BucketRange, Slots)>; 2]) -> R,
) -> Option<R> {
    let record = find_record(series.number())?;
    let parts = record.lock();
    let fixed = parts.fixed.as_ref().filter(|_| record.belongs_to(series))?;
    Some(read(fixed.cells(), &parts.windows))
}

/// Where a histogram without classic buckets keeps the exemplar of a value that it has counted.
pub(crate) fn exemplar_place(series: Cells, value: f64) -> Option<ExemplarSlot> {
    let fixed = fixed_cells(series)?;
    let turn = match Bucket::of(value) {
        Bucket::Fixed(NAN) => return None,
        Bucket::Fixed(_) => 0,
        Bucket::Of { index, .. } => usize::try_from(index >> 8 & 7).ok()?,
    };
    Some(fixed.place(4 + turn))
}

/// The places in which a histogram without classic buckets may have exemplars.
pub(crate) fn exemplar_places(series: Cells) -> impl Iterator<Item = ExemplarSlot> {
    fixed_cells(series).into_iter().flat_map(|fixed| (4..4 + EXEMPLARS).map(move |at| fixed.place(at)))
}

/// The place of the latest of them.
pub(crate) fn latest_exemplar(series: Cells) -> Option<ExemplarSlot> {
    exemplar_places(series)
        .filter_map(|place| Some((exemplar::read(place, |exemplar| exemplar.millis)?, place)))
        .max_by_key(|(millis, _)| *millis)
        .map(|(_, place)| place)
}

fn fixed_cells(series: Cells) -> Option<Cells> {
    let bits = find_record(series.number()).filter(|record| record.belongs_to(series))?.fixed.load(Acquire);
    (bits != 0).then(|| Cells::from_bits(bits))
}

/// Forgets the native parts of a range of slots, which are about to have another owner, or to start anew.
pub(crate) fn clear(first: u32, count: usize) {
    if !MADE.load(Acquire) {
        return;
    }
    for slot in (first..).take(count) {
        if let Some(record) = find_record(slot) {
            record.reset(&mut record.lock());
        }
    }
}

#[inline]
fn find_record(slot: u32) -> Option<&'static Record> {
    let part = slot as usize / PART;
    DIRECTORY.get(part / PAGE)?.get()?.0[part % PAGE].get()?.0[slot as usize % PART].get()
}

/// The sink of detached metrics has none.
#[cold]
fn make_record(slot: u32) -> Option<&'static Record> {
    MADE.store(true, Release);
    let part = slot as usize / PART;
    let page = DIRECTORY.get(part / PAGE)?.get_or_init(|| Box::new(Page([const { OnceBox::new() }; PAGE])));
    let part = page.0[part % PAGE].get_or_init(|| Box::new(Part([const { OnceBox::new() }; PART])));
    Some(part.0[slot as usize % PART].get_or_init(Box::default))
}
