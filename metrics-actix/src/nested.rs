//! A measured service inside another one that counts in the same metrics: only the outer one counts.

use std::{cell::Cell, sync::Arc};

use crate::{families::Families, notice, shared};

thread_local! {
    /// The address of the families of the measured service that is being called; zero outside of one.
    static CALLED: Cell<usize> = const { Cell::new(0) };
}

/// Says, until it is dropped, that a measured service is being called.
#[derive(Debug)]
pub(crate) struct Called {
    before: usize,
}

impl Called {
    #[inline]
    pub(crate) fn enter(families: &Arc<Families>) -> Self {
        Self { before: CALLED.replace(Arc::as_ptr(families).addr()) }
    }
}

impl Drop for Called {
    #[inline]
    fn drop(&mut self) {
        CALLED.set(self.before);
    }
}

/// What a worker has found out about the services around its own.
#[derive(Debug, Default)]
pub(crate) struct Outer(Cell<(usize, bool)>);

impl Outer {
    /// Whether the request is being counted already, by a service around this one.
    #[inline]
    pub(crate) fn counts(&self, families: &Arc<Families>) -> bool {
        let called = CALLED.get();
        called != 0 && self.counts_in(called, families)
    }

    #[cold]
    fn counts_in(&self, called: usize, families: &Arc<Families>) -> bool {
        let (known, overlap) = self.0.get();
        if known == called {
            return overlap;
        }
        let overlap = shared::find(called).is_some_and(|outer| outer.overlap(families));
        self.0.set((called, overlap));
        if overlap {
            notice::nested();
        }
        overlap
    }
}
