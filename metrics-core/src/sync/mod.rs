//! What the lock-free parts are made of: `std` and `once_cell`, or loom's model of them under `--cfg loom`.
//!
//! Only what a loom model runs through takes its atomics, locks and statics from here.

#[cfg(loom)]
mod loomed;
#[cfg(not(loom))]
mod real;

use std::sync::PoisonError;

#[cfg(loom)]
pub(crate) use loomed::*;
#[cfg(not(loom))]
pub(crate) use real::*;

/// The size of a structure, or the small one that models have, so that they meet its borders and have few states.
pub(crate) const fn size(real: usize, model: usize) -> usize {
    if cfg!(loom) { model } else { real }
}

/// Locks, also after a panic elsewhere: every critical section leaves its value whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
