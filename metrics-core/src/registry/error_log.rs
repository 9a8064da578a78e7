//! Logging of registrations that failed, outside of every lock.
//!
//! A logger is the user's code: it may count a metric of the group that is being created, make a page, or ask for the list of
//! errors. So an error is logged after the static that is being initialized is set.

use std::{cell::RefCell, io::Write};

use crate::model::RegistrationError;

thread_local! {
    /// Errors that wait for the end of [`log_after`] on this thread; `None` outside of it.
    static WAITING: RefCell<Option<Vec<RegistrationError>>> = const { RefCell::new(None) };
}

/// Runs a function that registers metrics under a lock, and logs the errors after it has returned.
pub(crate) fn log_after<R>(work: impl FnOnce() -> R) -> R {
    let flush = Flush { is_outermost: begin_waiting() };
    let result = work();
    drop(flush);
    result
}

fn begin_waiting() -> bool {
    let begin = |waiting: &RefCell<Option<Vec<RegistrationError>>>| {
        let mut waiting = waiting.borrow_mut();
        let is_outermost = waiting.is_none();
        waiting.get_or_insert_default();
        is_outermost
    };
    WAITING.try_with(begin).unwrap_or(false)
}

/// Logs the waiting errors when it is dropped, also during a panic.
struct Flush {
    is_outermost: bool,
}

impl Drop for Flush {
    fn drop(&mut self) {
        if self.is_outermost {
            let errors = WAITING.try_with(RefCell::take).ok().flatten().unwrap_or_default();
            errors.iter().for_each(write);
        }
    }
}

/// Logs an error now, or at the end of [`log_after`].
pub(super) fn log(error: RegistrationError) {
    let mut error = Some(error);
    let wait = |waiting: &RefCell<Option<Vec<RegistrationError>>>| {
        if let Some(waiting) = &mut *waiting.borrow_mut() {
            waiting.extend(error.take());
        }
    };
    // A thread that is ending has no list, so its errors are logged at once.
    let _ = WAITING.try_with(wait);
    if let Some(error) = error {
        write(&error);
    }
}

/// Logs an error. A debug build without a logger writes it to standard error, as a missing metric is easy to overlook.
fn write(error: &RegistrationError) {
    let (level, effect) = if error.is_missing() {
        (log::Level::Error, "; the metric is missing from the page")
    } else {
        (log::Level::Warn, "")
    };
    if cfg!(debug_assertions) && log::max_level() == log::LevelFilter::Off {
        // Standard error may be closed.
        let _ = writeln!(std::io::stderr(), "metrics-core: {error}{effect}");
    }
    log::log!(level, "{error}{effect}");
}
