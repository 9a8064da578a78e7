//! Sums of nanoseconds past 64 bits. 64 bits are 584 years, which ten thousand open connections reach in three weeks.
//!
//! Cells wrap. A sum near the end of 64 bits is tracked from then on: each reading adds the growth since the former reading to a
//! total of 128 bits. So the sum does not fall, and it is right if it is read before it grows by another 584 years. Observations of
//! hours and more read it.

use std::{collections::BTreeMap, sync::atomic::Ordering::Relaxed};

use super::cells::Cells;
use crate::sync::{AtomicBool, Mutex, global, lock};

/// Sum from which on it is tracked: 73 years.
const WATCHED_FROM: u64 = 1 << 61;

global! {
    /// Tracked sums, by the bits of their series' cells.
    WATCHED: Mutex<BTreeMap<u64, WideSum>> = Mutex::new(BTreeMap::new())
}

global! {
    /// Set once there is a tracked sum.
    ANY: AtomicBool = AtomicBool::new(false)
}

#[derive(Clone, Copy)]
struct WideSum {
    /// Sum of the cells at the latest reading.
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

/// Mark of a word that holds seconds, see [`wide_seconds`].
const WIDE: u64 = 1 << 63;

/// Returns a sum of nanoseconds as a word. `sum` was read just before, and `read` reads it again.
#[inline]
pub(super) fn word(cells: Cells, sum: u64, read: impl Fn() -> u64) -> u64 {
    if sum < WATCHED_FROM && !ANY.load(Relaxed) { sum } else { watched_word(cells, sum, read) }
}

/// Returns the seconds in the word of a sum of 292 years and more; `None` if the word holds nanoseconds.
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
    // Under the lock, so that readings are compared in their order.
    let latest = read();
    let wide = watched.entry(cells.to_bits()).or_insert(WideSum::new(latest));
    wide.update(latest);
    match u64::try_from(wide.total) {
        Ok(nanos) if nanos < WIDE => nanos,
        // The sign bit of a positive number is free for the mark.
        _ => (wide.total as f64 / 1e9).to_bits() | WIDE,
    }
}

/// Adds an amount of nanoseconds that can bring a sum near the end of 64 bits; `add` adds it, and `read` reads the sum.
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

/// Runs a function that restarts the sum of a series.
pub(super) fn restart(cells: Cells, work: impl FnOnce()) {
    let mut watched = lock(&WATCHED);
    work();
    watched.remove(&cells.to_bits());
}
