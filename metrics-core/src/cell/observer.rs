//! Hook of the slow path for a sampler of exemplars.
//!
//! Without a sampler no count reaches this file. With one, threads have no flat cells (see `cells`), so every count takes the slow
//! path, which calls the sampler.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use once_cell::sync::OnceCell;

use super::slot::ExemplarSlot;

/// Function that may record an exemplar of a value that is about to be counted in a slot.
pub(crate) type Sampler = fn(ExemplarSlot, f64);

static SAMPLER: OnceCell<Sampler> = OnceCell::new();
static HAS_SAMPLER: AtomicBool = AtomicBool::new(false);

/// Installs the sampler; later calls have no effect.
pub(super) fn install(sampler: Sampler) {
    SAMPLER.get_or_init(|| sampler);
    HAS_SAMPLER.store(true, Relaxed);
}

/// Returns whether a sampler is installed.
#[inline]
pub(crate) fn has_sampler() -> bool {
    HAS_SAMPLER.load(Relaxed)
}

/// Calls the sampler, if one is installed.
#[inline]
pub(super) fn sample(slot: ExemplarSlot, value: f64) {
    if has_sampler()
        && let Some(sampler) = SAMPLER.get()
    {
        sampler(slot, value);
    }
}
