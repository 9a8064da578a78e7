//! Readers of a registry, for the advice about one whose metrics nobody can see.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::model::Descriptor;

/// State of a registry: set once a page of it was made, or an endpoint shows it.
#[derive(Debug, Default)]
pub(super) struct ReaderFlag(AtomicBool);

impl ReaderFlag {
    pub(super) fn set(&self) {
        self.0.store(true, Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// Warns that the last handle of a registry was dropped although a metric is in use and no page was made: nobody can see it.
pub(super) fn warn_of_dropped(in_use: &Descriptor) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    // Another thread does not wait for the logger, which may drop a registry itself.
    if !WARNED.swap(true, Relaxed) {
        log::warn!(
            "a registry was dropped without a page ever made of it, while its metric `{}` declared at {} is in use: keep the \
             registry, and show it by `MetricsRoute::new(\"/metrics\").registry(&registry)` or `registry.text()`",
            in_use.name,
            in_use.location
        );
    }
}
