//! What the lock-free parts are made of: `std` and `once_cell`, or loom's model of them under `--cfg loom`.
//!
//! Only what a loom model runs through takes its atomics, locks and statics from here.

#[cfg(loom)]
mod loomed;
#[cfg(not(loom))]
mod real;

#[cfg(loom)]
pub(crate) use loomed::*;
#[cfg(not(loom))]
pub(crate) use real::*;

/// The size of a structure, or the small one that models have, so that they meet its borders and have few states.
pub(crate) const fn size(real: usize, model: usize) -> usize {
    if cfg!(loom) { model } else { real }
}
