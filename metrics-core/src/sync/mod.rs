//! Atomics, locks and statics of the lock-free parts: those of `std` and `once_cell`, or loom's models of them.
//!
//! A part that a loom model runs through takes its atomics, locks and statics from here. The models are tests under the flag
//! `metrics_core_loom`, see `scripts/loom`; loom's own flag, which a dependent may set, changes nothing here.

#[cfg(all(test, metrics_core_loom))]
mod loomed;
#[cfg(not(all(test, metrics_core_loom)))]
mod real;

use std::sync::PoisonError;

#[cfg(all(test, metrics_core_loom))]
pub(crate) use loomed::*;
#[cfg(not(all(test, metrics_core_loom)))]
pub(crate) use real::*;

/// Returns the size of a structure, or the small one that models have, so that they meet its borders and have few states.
pub(crate) const fn size(real: usize, model: usize) -> usize {
    if cfg!(all(test, metrics_core_loom)) { model } else { real }
}

/// Locks, also after a panic elsewhere: every critical section leaves its value whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
