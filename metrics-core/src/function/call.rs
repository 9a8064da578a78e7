//! A call in flight.

use std::{mem::ManuallyDrop, pin::Pin};

use super::{CallSite, Outcome, call_start::CallStart};

/// A call in flight. It ends once: by [`finish`](Self::finish), or when it is dropped.
///
/// It borrows nothing and is `Send`, so that a future that holds it keeps its auto traits.
#[derive(Debug)]
#[must_use]
pub struct Call<const ARGUMENTS: usize> {
    site: &'static CallSite,
    entry: CallStart,
    /// Positions of the labels of arguments.
    arguments: [u32; ARGUMENTS],
    /// Outcome of a call that is dropped while the thread is not unwinding.
    dropped: Outcome,
}

impl CallSite {
    /// Begins a call whose returned value decides its outcome. Dropped before [`Call::finish`], it is cancelled, or has panicked.
    #[inline]
    pub fn begin<const ARGUMENTS: usize>(&'static self, arguments: [u32; ARGUMENTS]) -> Call<ARGUMENTS> {
        Call::begin(self, arguments, Outcome::Cancelled)
    }

    /// Begins a call of a function that cannot fail. Dropped, it has succeeded, or has panicked.
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

    /// The function's call site, which keeps the texts of capped labels.
    #[inline]
    pub const fn site(&self) -> &'static CallSite {
        self.site
    }

    /// Ends a call that has returned a value, and returns that; `labels` are the positions of its labels.
    #[inline]
    pub fn finish<const RETURNED: usize, R>(self, is_error: bool, labels: [u32; RETURNED], returned: R) -> R {
        // Neither is dropped from here on, so that the code below needs no clean-up. So the value stays where the caller wants it;
        // otherwise it would be moved there after the end of the call, and take its size of stack.
        let (this, returned) = (ManuallyDrop::new(self), ManuallyDrop::new(returned));
        let outcome = if is_error { Outcome::Error } else { Outcome::Ok };
        if ARGUMENTS == 0 && RETURNED == 0 {
            this.site.record_end::<ARGUMENTS>(this.entry, outcome);
        } else {
            this.site.record_end_with(this.entry, &this.arguments, &labels, outcome);
        }
        ManuallyDrop::into_inner(returned)
    }
}

impl<const ARGUMENTS: usize> Drop for Call<ARGUMENTS> {
    #[inline]
    fn drop(&mut self) {
        // Without a reference to the call if possible, so that it stays in registers.
        let arguments: &[u32] = if ARGUMENTS == 0 { &[] } else { &self.arguments };
        self.site.record_drop(self.entry, arguments, self.dropped);
    }
}

/// A boxed future, in whose place a wrapping future can be returned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a boxed future, so its call cannot be counted",
    label = "the attribute returns a future around this one, which has another type",
    note = "return `Pin<Box<dyn Future<Output = …>>>` or `impl Future<Output = …>`, or put the attribute on the `async fn` inside"
)]
pub trait BoxedFuture {}

impl<F: ?Sized> BoxedFuture for Pin<Box<F>> {}

/// Returns a future unchanged, and requires at compile time that it is boxed.
pub fn boxed_future<F: BoxedFuture>(future: F) -> F {
    future
}

/// Calls a closure once. It keeps the `?` and `return` of a body from skipping the end of the call.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}
