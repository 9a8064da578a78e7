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
    start: Timestamp,
    /// The positions of the labels that come from arguments.
    arguments: [u32; ARGUMENTS],
    /// How the call has ended if it is dropped while nothing unwinds.
    dropped: Ending,
    /// Whether the thread was unwinding when the call began, as in a destructor during a panic.
    unwinding: bool,
}

impl<const ARGUMENTS: usize> Call<ARGUMENTS> {
    #[inline]
    pub(super) fn begin(site: &'static CallSite, arguments: [u32; ARGUMENTS], dropped: Ending) -> Self {
        let start = site.enter(&arguments);
        Self { site, start, arguments, dropped, unwinding: panicking() }
    }

    /// The call has returned; `returned` are the positions of the labels that come from the returned value.
    #[inline]
    pub fn finish<const RETURNED: usize>(self, is_error: bool, returned: [u32; RETURNED]) {
        let ending = if is_error { Ending::Error } else { Ending::Ok };
        self.site.leave(self.start, &self.arguments, &returned, ending);
        std::mem::forget(self);
    }
}

impl<const ARGUMENTS: usize> Drop for Call<ARGUMENTS> {
    #[inline]
    fn drop(&mut self) {
        let ending = if panicking() && !self.unwinding { Ending::Panicked } else { self.dropped };
        self.site.leave(self.start, &self.arguments, &[], ending);
    }
}

/// Calls a function once. A body runs in a closure where its `?` and `return` are not to pass the call's end by.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}
