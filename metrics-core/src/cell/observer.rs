//! The one hook of counting: a sampler of exemplars, which is asked on the slow path.
//!
//! Without a sampler no count reaches this file. With one, no thread has near cells (see `cells`), so that every count takes
//! the slow path, which asks it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use once_cell::sync::OnceCell;

use super::slot::ExemplarSlot;

/// Keeps an exemplar of a value that is about to be counted in a slot, where there is one to keep.
pub(crate) type Sampler = fn(ExemplarSlot, f64);

static SAMPLER: OnceCell<Sampler> = OnceCell::new();
static HAS_SAMPLER: AtomicBool = AtomicBool::new(false);

/// Installs the sampler; the first one stays.
pub(super) fn install(sampler: Sampler) {
    SAMPLER.get_or_init(|| sampler);
    HAS_SAMPLER.store(true, Relaxed);
}

/// Returns whether a sampler is installed.
#[inline]
pub(crate) fn has_sampler() -> bool {
    HAS_SAMPLER.load(Relaxed)
}

/// Asks the sampler, where one is installed.
#[inline]
pub(super) fn sample(slot: ExemplarSlot, value: f64) {
    if has_sampler()
        && let Some(sampler) = SAMPLER.get()
    {
        sampler(slot, value);
    }
}
