//! Where exemplars are kept: one for each slot that had one, found by the slot's number.

use std::sync::{
    Mutex, MutexGuard, PoisonError, TryLockError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use once_cell::race::OnceBox;

use super::{drop_cause::DropCause, labels::ExemplarLabels};
use crate::{
    cell::ExemplarSlot,
    clock::{Clock, unix_millis},
};

/// Slots of one part of the directory, and parts of one page of it.
const PART: usize = 512;
const PAGE: usize = 256;
/// With them all slots have a place.
const PAGES: usize = 256;

/// The most exemplars there are at once: some 12 MB.
const MOST: u64 = 65_536;

/// How long an exemplar stays that no page has shown, before the source is asked for the next one: 96 [steps](Clock::steps),
/// a tenth of a second.
const STAY: u32 = 96;

/// One place.
struct Cell {
    /// The generation and the time of the exemplar that is there, which is never zero; zero where there is none, or where a
    /// page has shown it.
    stamp: AtomicU64,
    /// Empty before its first exemplar. Writers try the lock and go on; the reader of a page waits for a writer, who copies
    /// some bytes.
    record: Mutex<Option<Box<Record>>>,
}

impl Cell {
    const fn new() -> Self {
        Self { stamp: AtomicU64::new(0), record: Mutex::new(None) }
    }
}

struct Part([Cell; PART]);

struct Page([OnceBox<Part>; PAGE]);

static DIRECTORY: [OnceBox<Page>; PAGES] = [const { OnceBox::new() }; PAGES];

/// How many exemplars there are.
static MADE: AtomicU64 = AtomicU64::new(0);

/// How many were dropped, by cause.
static DROPPED: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

/// An exemplar.
#[derive(Debug)]
pub(crate) struct Record {
    generation: u32,
    labels: Vec<u8>,
    /// The value that was observed.
    pub(crate) value: f64,
    /// When, in milliseconds since 1970.
    pub(crate) millis: u64,
}

impl Record {
    /// The labels as the text formats have them, without braces.
    pub(crate) fn labels(&self) -> &str {
        str::from_utf8(&self.labels).unwrap_or_default()
    }
}

/// How many exemplars were dropped for this cause.
pub(crate) fn dropped(cause: DropCause) -> u64 {
    DROPPED[cause as usize].load(Relaxed)
}

pub(super) fn drop_for(cause: DropCause) {
    DROPPED[cause as usize].fetch_add(1, Relaxed);
}

/// Whether the source is to be asked for an exemplar: the one that is there was shown, or has been there for [`STAY`].
///
/// So a count within a sampled span does not write down which span it is in each time, and a page has one that is as new as
/// that. The sink of detached metrics has no place, and keeps none.
#[inline]
pub(super) fn is_due(place: ExemplarSlot) -> bool {
    let part = place.slot as usize / PART;
    let Some(page) = DIRECTORY.get(part / PAGE) else { return false };
    let Some(part) = page.get().and_then(|page| page.0[part % PAGE].get()) else { return true };
    let stamp = part.0[place.slot as usize % PART].stamp.load(Relaxed);
    #[allow(clippy::cast_possible_truncation)] // the two halves
    let (generation, steps) = ((stamp >> 32) as u32, stamp as u32);
    steps == 0 || generation != place.generation || Clock::get().steps().wrapping_sub(steps) > STAY
}

/// Keeps an exemplar, unless another thread is at its place.
pub(super) fn put(place: ExemplarSlot, value: f64, labels: &ExemplarLabels) {
    let text = match labels.text() {
        Ok(text) => text,
        Err(cause) => return drop_for(cause),
    };
    // Nothing can be said of it: it is in no bucket by its value.
    if value.is_nan() {
        return;
    }
    let millis = unix_millis();
    // The sink of detached metrics has no place.
    let Some(part) = part_or_new(place.slot) else { return };
    let cell = &part.0[place.slot as usize % PART];
    let mut kept = match cell.record.try_lock() {
        Ok(kept) => kept,
        Err(TryLockError::Poisoned(kept)) => kept.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    if kept.is_none()
        && MADE.fetch_update(Relaxed, Relaxed, |made| (made < MOST).then_some(made + 1)).is_err()
    {
        return drop_for(DropCause::Room);
    }
    let record = kept.get_or_insert_with(|| {
        Box::new(Record { generation: 0, labels: Vec::with_capacity(text.len()), value: 0.0, millis: 0 })
    });
    record.generation = place.generation;
    record.labels.clear();
    record.labels.extend_from_slice(text);
    (record.value, record.millis) = (value, millis);
    let steps = Clock::get().steps().max(1);
    cell.stamp.store(u64::from(place.generation) << 32 | u64::from(steps), Relaxed);
}

/// Keeps an exemplar that was given with an observation.
#[inline(never)]
pub(crate) fn record<N: AsRef<str>, V: AsRef<str>>(
    place: ExemplarSlot,
    value: f64,
    labels: impl IntoIterator<Item = (N, V)>,
) {
    let mut collected = ExemplarLabels::new();
    for (name, value) in labels {
        collected.push(name.as_ref(), value.as_ref());
    }
    put(place, value, &collected);
}

/// Whether there is any exemplar.
#[inline]
pub(crate) fn any() -> bool {
    MADE.load(Relaxed) > 0
}

/// Shows the exemplar at a place, if there is one.
#[inline]
pub(crate) fn read<R>(place: ExemplarSlot, show: impl FnOnce(&Record) -> R) -> Option<R> {
    if !any() {
        return None;
    }
    let cell = &part(place.slot)?.0[place.slot as usize % PART];
    let kept = lock(&cell.record);
    if kept.is_some() {
        cell.stamp.store(0, Relaxed);
    }
    kept.as_deref().filter(|record| record.generation == place.generation).map(show)
}

/// Forgets the exemplars of a range of slots, which are about to have another owner, or to start anew.
pub(crate) fn clear(first: u32, count: usize) {
    if !any() {
        return;
    }
    for slot in (first..).take(count) {
        let Some(part) = part(slot) else { continue };
        let cell = &part.0[slot as usize % PART];
        let mut kept = lock(&cell.record);
        cell.stamp.store(0, Relaxed);
        if kept.take().is_some() {
            MADE.fetch_sub(1, Relaxed);
        }
    }
}

fn lock(record: &Mutex<Option<Box<Record>>>) -> MutexGuard<'_, Option<Box<Record>>> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

fn part(slot: u32) -> Option<&'static Part> {
    let part = slot as usize / PART;
    DIRECTORY.get(part / PAGE)?.get()?.0[part % PAGE].get()
}

fn part_or_new(slot: u32) -> Option<&'static Part> {
    let part = slot as usize / PART;
    let page = DIRECTORY.get(part / PAGE)?.get_or_init(|| Box::new(Page([const { OnceBox::new() }; PAGE])));
    Some(page.0[part % PAGE].get_or_init(|| Box::new(Part([const { Cell::new() }; PART]))))
}
