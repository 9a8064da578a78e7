//! A call in flight.

use std::{mem::ManuallyDrop, pin::Pin};

use super::{CallSite, CappedValue, Outcome, call_start::CallStart};

/// A call in flight. It ends once: by [`finish`](Self::finish), or when it is dropped.
///
/// It borrows nothing and is `Send`, so that a future that holds it stays what it was.
#[derive(Debug)]
#[must_use]
pub struct Call<const ARGUMENTS: usize> {
    site: &'static CallSite,
    entry: CallStart,
    /// The positions of the labels that come from arguments.
    arguments: [u32; ARGUMENTS],
    /// The outcome of a call that is dropped while the thread does not unwind.
    dropped: Outcome,
}

impl CallSite {
    /// Begins a call whose value decides how it ends; dropped before [`Call::finish`] it is cancelled, or has panicked.
    #[inline]
    pub fn begin<const ARGUMENTS: usize>(&'static self, arguments: [u32; ARGUMENTS]) -> Call<ARGUMENTS> {
        Call::begin(self, arguments, Outcome::Cancelled)
    }

    /// Begins a call of a function that cannot fail; dropped it has ended well, or has panicked.
    #[inline]
    pub fn begin_plain<const ARGUMENTS: usize>(
        &'static self,
        arguments: [u32; ARGUMENTS],
    ) -> Call<ARGUMENTS> {
        Call::begin(self, arguments, Outcome::Ok)
    }
}

impl<const ARGUMENTS: usize> Call<ARGUMENTS> {
    #[inline]
    pub(super) fn begin(site: &'static CallSite, arguments: [u32; ARGUMENTS], dropped: Outcome) -> Self {
        let entry = if ARGUMENTS == 0 {
            site.record_start::<ARGUMENTS>()
        } else {
            site.record_start_with(&arguments)
        };
        Self { site, entry, arguments, dropped }
    }

    /// The position of a capped label's value; `dimension` is the label's index among the site's dimensions.
    pub fn capped(&self, dimension: usize, value: &(impl CappedValue + ?Sized)) -> u32 {
        self.site.capped(dimension, value)
    }

    /// The call has returned; `returned` are the positions of the labels that come from the returned value.
    #[inline]
    pub fn finish<const RETURNED: usize>(self, is_error: bool, returned: [u32; RETURNED]) {
        // From here on it is not dropped, so that what stands below needs no clean-up.
        let this = ManuallyDrop::new(self);
        let outcome = if is_error { Outcome::Error } else { Outcome::Ok };
        if ARGUMENTS == 0 && RETURNED == 0 {
            this.site.record_end::<ARGUMENTS>(this.entry, outcome);
        } else {
            this.site.record_end_with(this.entry, &this.arguments, &returned, outcome);
        }
    }
}

impl<const ARGUMENTS: usize> Drop for Call<ARGUMENTS> {
    #[inline]
    fn drop(&mut self) {
        // Without a reference to the call where none is needed, so that it stays in registers.
        let arguments: &[u32] = if ARGUMENTS == 0 { &[] } else { &self.arguments };
        self.site.record_drop(self.entry, arguments, self.dropped);
    }
}

/// A boxed future, which a future around it can be returned for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a boxed future, so its call cannot be counted",
    label = "the attribute returns a future around this one, which has another type",
    note = "return `Pin<Box<dyn Future<Output = …>>>` or `impl Future<Output = …>`, or put the attribute on the `async fn` inside"
)]
pub trait BoxedFuture {}

impl<F: ?Sized> BoxedFuture for Pin<Box<F>> {}

/// Returns a future as it is, and requires that it is boxed.
pub fn boxed_future<F: BoxedFuture>(future: F) -> F {
    future
}

/// Calls a function once. A body runs in a closure where its `?` and `return` are not to pass the call's end by.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}
