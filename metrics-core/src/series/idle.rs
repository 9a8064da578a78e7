//! Removal of series that have not changed for some time.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::cell::Cells;

/// Time to live of series, and the latest change of each.
#[derive(Debug)]
pub(super) struct IdleSeries {
    /// Time without a change after which a series is removed.
    ttl: Duration,
    /// Set for gauges: one that is not zero is never removed, as a subtraction will follow.
    keeps_levels: bool,
    latest: Mutex<Changes>,
}

/// Sums of a series at the latest page and the time of their latest change, by the bits of its cells.
type Changes = HashMap<u64, (Box<[u64]>, Instant)>;

impl IdleSeries {
    pub(super) fn new(ttl: Duration, keeps_levels: bool) -> Self {
        Self { ttl, keeps_levels, latest: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records the sums of a series; returns whether they have been the same for longer than the time to live.
    pub(super) fn is_idle(&self, cells: Cells, sums: &[u64]) -> bool {
        let mut latest = self.lock();
        let entry = latest.entry(cells.to_bits());
        let (before, since) = entry.or_insert_with(|| (sums.into(), Instant::now()));
        if **before != *sums {
            before.copy_from_slice(sums);
            *since = Instant::now();
        }
        let is_level = self.keeps_levels && sums.first().is_some_and(|level| *level != 0);
        !is_level && since.elapsed() > self.ttl
    }

    /// Removes the records of removed series.
    pub(super) fn retain_current(&self) {
        self.lock().retain(|bits, _| Cells::from_bits(*bits).is_current());
    }
}
