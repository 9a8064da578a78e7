//! Number of changes of sets after which a registry's list of families is stale.
//!
//! A set does not know its registry, so one number is for all registries.

use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// Returns the number of changes so far. The caller sees the changes that are counted.
pub(crate) fn count() -> u64 {
    COUNT.load(Acquire)
}

/// Counts a change that was made: the last metric of a set was dropped, a set has got its first callback, or the one series of a set
/// was removed.
pub(super) fn add() {
    COUNT.fetch_add(1, Release);
}
