//! Measured services inside one another: where both count in the same metrics, only the outer one counts.

use std::{cell::Cell, sync::Arc};

use crate::{families::Families, warnings};

thread_local! {
    /// Address of the families of the measured service that is being called on this thread; zero outside of one.
    static ACTIVE_FAMILIES: Cell<usize> = const { Cell::new(0) };
}

/// Marks a measured service as being called, until it is dropped.
#[derive(Debug)]
pub(crate) struct ActiveMiddleware {
    outer: usize,
}

impl ActiveMiddleware {
    #[inline]
    pub(crate) fn enter(families: &Arc<Families>) -> Self {
        Self { outer: ACTIVE_FAMILIES.replace(Arc::as_ptr(families).addr()) }
    }
}

impl Drop for ActiveMiddleware {
    #[inline]
    fn drop(&mut self) {
        ACTIVE_FAMILIES.set(self.outer);
    }
}

/// One worker's check for a measured service around its own, with the last result.
#[derive(Debug, Default)]
pub(crate) struct NestingCheck(Cell<(usize, bool)>);

impl NestingCheck {
    /// Returns `true` if a service around this one counts the request already.
    #[inline]
    pub(crate) fn is_counted(&self, families: &Arc<Families>) -> bool {
        let active = ACTIVE_FAMILIES.get();
        active != 0 && self.is_counted_in(active, families)
    }

    #[cold]
    fn is_counted_in(&self, active: usize, families: &Arc<Families>) -> bool {
        let (known, overlaps) = self.0.get();
        if known == active {
            return overlaps;
        }
        let overlaps = Families::at_address(active).is_some_and(|outer| outer.overlaps(families));
        self.0.set((active, overlaps));
        if overlaps {
            warnings::nested_middleware();
        }
        overlaps
    }
}
