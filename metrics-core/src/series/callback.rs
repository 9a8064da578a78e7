//! Values that are read when the page is made.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use crate::cell::Cells;

/// The callbacks of a set of series: each brings the cells of one series up to date.
#[derive(Default)]
pub(crate) struct Callbacks {
    of_series: Mutex<Vec<Callback>>,
    /// How many turns there were.
    turns: AtomicU64,
}

#[derive(Clone)]
struct Callback {
    cells: Cells,
    call: Arc<dyn Fn(&CallbackRun<'_>) + Send + Sync>,
    /// The turn that the cells are of.
    latest: Arc<Mutex<u64>>,
}

/// One reading of a callback. Scrapes go on beside each other: what a later one has stored an earlier one does not replace, so
/// that a counter does not go down.
pub(crate) struct CallbackRun<'a> {
    number: u64,
    latest: &'a Mutex<u64>,
}

impl CallbackRun<'_> {
    /// Stores what was read.
    pub(crate) fn store(&self, store: impl FnOnce()) {
        let mut latest = lock(self.latest);
        if *latest < self.number {
            *latest = self.number;
            store();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Callbacks {
    /// Sets the callback of a series, in place of the one that it had.
    pub(crate) fn set(&self, cells: Cells, call: impl Fn(&CallbackRun<'_>) + Send + Sync + 'static) {
        let mut callbacks = lock(&self.of_series);
        let before = callbacks.iter().position(|other| other.cells == cells);
        let old = before.map(|at| callbacks.swap_remove(at));
        let latest = old.as_ref().map(|old| Arc::clone(&old.latest)).unwrap_or_default();
        callbacks.push(Callback { cells, call: Arc::new(call), latest });
        drop(callbacks);
        // What a callback holds may be dropped with it, and may do anything then.
        drop(old);
    }

    /// Calls all of them, outside the lock; returns whether none has panicked.
    pub(crate) fn read(&self) -> bool {
        let callbacks = lock(&self.of_series).clone();
        let number = self.turns.fetch_add(1, Relaxed) + 1;
        let call = |callback: &Callback| {
            let turn = CallbackRun { number, latest: &callback.latest };
            catch_unwind(AssertUnwindSafe(|| (callback.call)(&turn))).is_ok()
        };
        callbacks.iter().filter(|callback| !call(callback)).count() == 0
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("count", &lock(&self.of_series).len()).finish_non_exhaustive()
    }
}
