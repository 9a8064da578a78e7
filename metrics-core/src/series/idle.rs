//! Series that are forgotten when they have not changed for long.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::cell::Cells;

/// The rule by which series are forgotten, and the latest change of each.
#[derive(Debug)]
pub(super) struct IdleSeries {
    /// Time without a change after which a series is forgotten.
    ttl: Duration,
    /// Set for gauges: one that is not zero is never forgotten, as what was added will be taken away.
    keeps_levels: bool,
    latest: Mutex<Changes>,
}

/// By the bits of a series' cells: its sums when a page was made, and the time since when they are the same.
type Changes = HashMap<u64, (Box<[u64]>, Instant)>;

impl IdleSeries {
    pub(super) fn new(ttl: Duration, keeps_levels: bool) -> Self {
        Self { ttl, keeps_levels, latest: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the sums of a series, and returns whether they have been the same for longer than it is kept.
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

    /// Forgets the series that are not there any more.
    pub(super) fn retain_current(&self) {
        self.lock().retain(|bits, _| Cells::from_bits(*bits).is_current());
    }
}
