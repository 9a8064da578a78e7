//! A call under way.

use std::thread::panicking;

use super::{CallSite, Ending};
use crate::clock::Timestamp;

/// A call under way. It ends once: by [`finish`](Self::finish), or when it is dropped.
///
/// It borrows nothing and is `Send`, so that a future that holds it stays what it was.
#[derive(Debug)]
#[must_use]
pub struct Call<const ARGUMENTS: usize> {
    site: &'static CallSite,
    entry: Entry,
    /// The positions of the labels that come from arguments.
    arguments: [u32; ARGUMENTS],
    /// How the call has ended if it is dropped while nothing unwinds.
    dropped: Ending,
}

/// What is known of a call when it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) start: Timestamp,
    /// Whether the thread was unwinding already, as in a destructor during a panic.
    pub(super) unwinding: bool,
}

impl<const ARGUMENTS: usize> Call<ARGUMENTS> {
    #[inline]
    pub(super) fn begin(site: &'static CallSite, arguments: [u32; ARGUMENTS], dropped: Ending) -> Self {
        let entry = if ARGUMENTS == 0 { site.enter() } else { site.enter_with(&arguments) };
        Self { site, entry, arguments, dropped }
    }

    /// The call has returned; `returned` are the positions of the labels that come from the returned value.
    #[inline]
    pub fn finish<const RETURNED: usize>(self, is_error: bool, returned: [u32; RETURNED]) {
        let ending = if is_error { Ending::Error } else { Ending::Ok };
        if ARGUMENTS == 0 && RETURNED == 0 {
            self.site.leave(self.entry.start, ending);
        } else {
            self.site.leave_with(self.entry.start, &self.arguments, &returned, ending);
        }
        std::mem::forget(self);
    }
}

impl<const ARGUMENTS: usize> Drop for Call<ARGUMENTS> {
    #[inline]
    fn drop(&mut self) {
        self.site.abandon(self.entry, &self.arguments, self.dropped);
    }
}

impl Entry {
    /// How a call ended that was dropped.
    pub(super) fn ending(self, dropped: Ending) -> Ending {
        if panicking() && !self.unwinding { Ending::Panicked } else { dropped }
    }
}

/// Calls a function once. A body runs in a closure where its `?` and `return` are not to pass the call's end by.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}
