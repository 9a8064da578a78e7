//! The latest exemplar of each slot that had one.

use std::sync::{
    Mutex, MutexGuard, PoisonError, TryLockError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{drop_cause::DropCause, labels::ExemplarLabels};
use crate::{
    cell::{ExemplarSlot, Slot, SlotTable},
    clock::{Clock, unix_millis},
    sync::global,
};

/// Largest number of exemplars, which take some 12 MB.
const MOST: u64 = 65_536;

/// Time after which an exemplar that no page has shown is replaced: 96 [steps](Clock::steps), a tenth of a second.
const STAY: u32 = 96;

/// The exemplar of one slot.
#[derive(Default)]
struct Entry {
    /// Generation and time of the exemplar, which is never zero. Zero if there is none, or if a page has shown it.
    stamp: AtomicU64,
    /// Empty before the first exemplar. Writers only try the lock. A scrape waits for a writer, which copies some bytes.
    record: Mutex<Option<Box<Record>>>,
}

global! {
    EXEMPLARS: SlotTable<Entry> = SlotTable::new()
}

/// Number of exemplars.
static MADE: AtomicU64 = AtomicU64::new(0);

/// Number of dropped exemplars by cause.
static DROPPED: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

/// An exemplar.
#[derive(Debug)]
pub(crate) struct Record {
    generation: u32,
    labels: Vec<u8>,
    /// Observed value.
    pub(crate) value: f64,
    /// Time of the observation, in milliseconds since 1970.
    pub(crate) millis: u64,
}

impl Record {
    /// Labels in the syntax of the text formats, without braces.
    pub(crate) fn labels(&self) -> &str {
        str::from_utf8(&self.labels).unwrap_or_default()
    }
}

/// Returns the number of exemplars dropped for a cause.
pub(crate) fn dropped(cause: DropCause) -> u64 {
    DROPPED[cause as usize].load(Relaxed)
}

pub(super) fn drop_for(cause: DropCause) {
    DROPPED[cause as usize].fetch_add(1, Relaxed);
}

/// Returns whether the source should be asked: a page has shown the present exemplar, or it is older than [`STAY`].
///
/// So the source does not run for each count, and a page has recent exemplars. The sink of detached metrics has no exemplars.
#[inline]
pub(super) fn is_due(at: ExemplarSlot) -> bool {
    let Some(entry) = EXEMPLARS.get(at.slot) else { return at.slot.exists() };
    let stamp = entry.stamp.load(Relaxed);
    #[allow(clippy::cast_possible_truncation)] // the two halves
    let (generation, steps) = ((stamp >> 32) as u32, stamp as u32);
    steps == 0 || generation != at.generation || Clock::get().steps().wrapping_sub(steps) > STAY
}

/// Records an exemplar, unless another thread is recording one for the same slot.
pub(super) fn put(at: ExemplarSlot, value: f64, labels: &ExemplarLabels) {
    let text = match labels.text() {
        Ok(text) => text,
        Err(cause) => return drop_for(cause),
    };
    // NaN is in no bucket by its value.
    if value.is_nan() {
        return;
    }
    let millis = unix_millis();
    // The sink of detached metrics has no exemplars.
    let Some(entry) = EXEMPLARS.get_or_create(at.slot) else { return };
    let mut kept = match entry.record.try_lock() {
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
    record.generation = at.generation;
    record.labels.clear();
    record.labels.extend_from_slice(text);
    (record.value, record.millis) = (value, millis);
    let steps = Clock::get().steps().max(1);
    entry.stamp.store(u64::from(at.generation) << 32 | u64::from(steps), Relaxed);
}

/// Records an exemplar that the caller gave with an observation.
#[inline(never)]
pub(crate) fn record<N: AsRef<str>, V: AsRef<str>>(
    at: ExemplarSlot,
    value: f64,
    labels: impl IntoIterator<Item = (N, V)>,
) {
    let mut collected = ExemplarLabels::new();
    for (name, value) in labels {
        collected.push(name.as_ref(), value.as_ref());
    }
    put(at, value, &collected);
}

/// Returns whether there is any exemplar.
#[inline]
pub(crate) fn any() -> bool {
    MADE.load(Relaxed) > 0
}

/// Calls a function with the exemplar of a slot, if there is one.
#[inline]
pub(crate) fn read<R>(at: ExemplarSlot, show: impl FnOnce(&Record) -> R) -> Option<R> {
    if !any() {
        return None;
    }
    let entry = EXEMPLARS.get(at.slot)?;
    let kept = lock(&entry.record);
    if kept.is_some() {
        entry.stamp.store(0, Relaxed);
    }
    kept.as_deref().filter(|record| record.generation == at.generation).map(show)
}

/// Removes the exemplars of a range of slots, which are about to get another owner or to restart.
pub(crate) fn clear(first: Slot, count: usize) {
    if !any() {
        return;
    }
    for entry in (0..count).filter_map(|at| EXEMPLARS.get(first.plus(at))) {
        let mut kept = lock(&entry.record);
        entry.stamp.store(0, Relaxed);
        if kept.take().is_some() {
            MADE.fetch_sub(1, Relaxed);
        }
    }
}

fn lock(record: &Mutex<Option<Box<Record>>>) -> MutexGuard<'_, Option<Box<Record>>> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}
