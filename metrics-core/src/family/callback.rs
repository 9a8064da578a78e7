//! Values that are read when the page is made.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::cell::Cells;

type Callback = Arc<dyn Fn() + Send + Sync>;

/// The callbacks of a set of series: each brings the cells of one series up to date.
#[derive(Default)]
pub(crate) struct Callbacks(Mutex<Vec<(Cells, Callback)>>);

impl Callbacks {
    fn lock(&self) -> MutexGuard<'_, Vec<(Cells, Callback)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the callback of a series, in place of the one that it had.
    pub(crate) fn set(&self, cells: Cells, callback: impl Fn() + Send + Sync + 'static) {
        let mut callbacks = self.lock();
        let before = callbacks.iter().position(|(other, _)| *other == cells);
        let old = before.map(|at| callbacks.swap_remove(at));
        callbacks.push((cells, Arc::new(callback)));
        drop(callbacks);
        // What a callback holds may be dropped with it, and may do anything then.
        drop(old);
    }

    /// Calls all of them, outside the lock; returns whether none has panicked.
    pub(crate) fn read(&self) -> bool {
        let callbacks = self.lock().clone();
        let call = |(_, callback): &(Cells, Callback)| catch_unwind(AssertUnwindSafe(|| callback())).is_ok();
        callbacks.iter().filter(|callback| !call(callback)).count() == 0
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("count", &self.lock().len()).finish()
    }
}
