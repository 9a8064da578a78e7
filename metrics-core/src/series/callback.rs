//! Callbacks, which give the values of series when a page is made.

use std::{
    cell::Cell,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
};

use super::set_changes;
use crate::cell::Cells;

/// Callbacks of a set of series. Each updates the cells of one series.
#[derive(Default)]
pub(crate) struct Callbacks {
    of_series: Mutex<Vec<Callback>>,
    /// Number of callbacks.
    count: AtomicUsize,
    /// Number of runs.
    runs: AtomicU64,
    /// Series whose callbacks panicked in the latest run, and their number.
    failed: Mutex<Vec<Cells>>,
    failures: AtomicUsize,
}

#[derive(Clone)]
struct Callback {
    cells: Cells,
    call: Arc<dyn Fn(&CallbackRun<'_>) + Send + Sync>,
    /// Run whose value is in the cells.
    latest: Arc<Mutex<u64>>,
}

/// One run of a callback. Scrapes are concurrent, and an earlier run does not replace the value of a later one, so that a counter
/// does not go down.
pub(crate) struct CallbackRun<'a> {
    number: u64,
    latest: &'a Mutex<u64>,
}

impl CallbackRun<'_> {
    /// Stores the value, unless a later run has stored one.
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

thread_local! {
    /// Set while this thread runs callbacks.
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Guard while which this thread runs callbacks.
struct Running;

impl Running {
    /// Begins a run; returns `None` inside of a callback, so that a callback that makes a page or reads its metric sees the former
    /// values.
    fn begin() -> Option<Self> {
        (!IS_RUNNING.replace(true)).then(|| Self)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        IS_RUNNING.set(false);
    }
}

impl Callbacks {
    /// Sets the callback of a series, and replaces a former one. A removed series takes none.
    pub(crate) fn set(&self, cells: Cells, call: impl Fn(&CallbackRun<'_>) + Send + Sync + 'static) {
        let mut callbacks = lock(&self.of_series);
        if !cells.is_current() {
            return;
        }
        let before = callbacks.iter().position(|other| other.cells == cells);
        let old = before.map(|at| callbacks.swap_remove(at));
        let latest = old.as_ref().map(|old| Arc::clone(&old.latest)).unwrap_or_default();
        callbacks.push(Callback { cells, call: Arc::new(call), latest });
        let count = self.count.swap(callbacks.len(), Relaxed);
        drop(callbacks);
        if count == 0 {
            set_changes::add();
        }
        // Dropping a closure runs the user's code, so it happens outside of the lock.
        drop(old);
    }

    /// Drops the callbacks of the series for which `is_removed` returns true.
    pub(super) fn remove(&self, is_removed: impl Fn(Cells) -> bool) {
        let mut callbacks = lock(&self.of_series);
        let (removed, left) =
            callbacks.drain(..).partition::<Vec<_>, _>(|callback| is_removed(callback.cells));
        *callbacks = left;
        self.count.store(callbacks.len(), Relaxed);
        drop(callbacks);
        drop(removed);
    }

    /// Drops all callbacks.
    pub(super) fn clear(&self) {
        if self.count.load(Relaxed) > 0 {
            self.remove(|_| true);
        }
    }

    /// Returns whether there are callbacks, or were in the latest run.
    #[inline]
    pub(crate) fn is_used(&self) -> bool {
        self.count.load(Relaxed) > 0 || self.failures.load(Relaxed) > 0
    }

    /// Runs all callbacks outside of the lock; returns the number of those that panicked.
    pub(crate) fn read(&self) -> usize {
        if !self.is_used() {
            return 0;
        }
        let callbacks = lock(&self.of_series).clone();
        let Some(_running) = Running::begin() else { return 0 };
        let number = self.runs.fetch_add(1, Relaxed) + 1;
        let has_panicked = |callback: &&Callback| {
            let run = CallbackRun { number, latest: &callback.latest };
            catch_unwind(AssertUnwindSafe(|| (callback.call)(&run))).is_err()
        };
        let failed: Vec<_> = callbacks.iter().filter(has_panicked).map(|callback| callback.cells).collect();
        let failures = failed.len();
        let mut latest = lock(&self.failed);
        self.failures.store(failures, Relaxed);
        *latest = failed;
        failures
    }

    /// Returns the series whose callbacks panicked in the latest run.
    #[inline]
    pub(super) fn failed(&self) -> Vec<Cells> {
        if self.failures.load(Relaxed) == 0 { Vec::new() } else { lock(&self.failed).clone() }
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("count", &lock(&self.of_series).len()).finish_non_exhaustive()
    }
}
