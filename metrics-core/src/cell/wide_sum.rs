//! Sums of nanoseconds past 64 bits: 584 years, which ten thousand open connections reach in three weeks.
//!
//! Cells wrap. A sum that comes near the end of 64 bits is watched from then on: each reading adds the growth since the one
//! before to a total of 128 bits. So it never falls, and is right as long as it is read before it has grown by another 584 years.
//! An observation of hours and more reads it.

use std::{collections::BTreeMap, sync::atomic::Ordering::Relaxed};

use super::cells::Cells;
use crate::sync::{AtomicBool, Mutex, global, lock};

/// A sum is watched from here on: 73 years.
const WATCHED_FROM: u64 = 1 << 61;

global! {
    /// The sums that are watched, by the bits of their series' cells.
    WATCHED: Mutex<BTreeMap<u64, WideSum>> = Mutex::new(BTreeMap::new())
}

global! {
    /// Set as soon as there is one.
    ANY: AtomicBool = AtomicBool::new(false)
}

#[derive(Clone, Copy)]
struct WideSum {
    /// The sum of the cells at the latest reading.
    latest: u64,
    total: u128,
}

impl WideSum {
    fn new(sum: u64) -> Self {
        Self { latest: sum, total: sum.into() }
    }

    fn update(&mut self, sum: u64) {
        self.total += u128::from(sum.wrapping_sub(self.latest));
        self.latest = sum;
    }
}

/// The mark of a sum that is given in seconds, see [`wide_seconds`].
const WIDE: u64 = 1 << 63;

/// Returns a sum of nanoseconds as a word: `sum` was read just before, and `read` reads it again.
#[inline]
pub(super) fn word(cells: Cells, sum: u64, read: impl Fn() -> u64) -> u64 {
    if sum < WATCHED_FROM && !ANY.load(Relaxed) { sum } else { watched_word(cells, sum, read) }
}

/// Returns the seconds of a sum of 292 years and more, by its word; `None` where the word has nanoseconds.
#[inline]
pub(crate) fn wide_seconds(word: u64) -> Option<f64> {
    (word >= WIDE).then(|| f64::from_bits(word & !WIDE))
}

#[cold]
fn watched_word(cells: Cells, sum: u64, read: impl Fn() -> u64) -> u64 {
    let mut watched = lock(&WATCHED);
    if sum < WATCHED_FROM && !watched.contains_key(&cells.to_bits()) {
        return sum;
    }
    ANY.store(true, Relaxed);
    // Under the lock, so that no reading comes before one that it is compared with.
    let latest = read();
    let wide = watched.entry(cells.to_bits()).or_insert(WideSum::new(latest));
    wide.update(latest);
    match u64::try_from(wide.total) {
        Ok(nanos) if nanos < WIDE => nanos,
        // The sign of a positive number is free.
        _ => (wide.total as f64 / 1e9).to_bits() | WIDE,
    }
}

/// Adds nanoseconds that come near the end of 64 bits by themselves, or with few others: `add` adds them, `read` reads the sum.
pub(super) fn add_large(cells: Cells, nanos: u64, add: impl FnOnce(), read: impl Fn() -> u64) {
    if nanos < WATCHED_FROM {
        add();
        word(cells, read(), read);
        return;
    }
    let mut watched = lock(&WATCHED);
    ANY.store(true, Relaxed);
    let wide = watched.entry(cells.to_bits()).or_insert_with(|| WideSum::new(read()));
    add();
    wide.update(read());
}

/// Does something that makes a series' sum begin anew.
pub(super) fn restart(cells: Cells, work: impl FnOnce()) {
    let mut watched = lock(&WATCHED);
    work();
    watched.remove(&cells.to_bits());
}
