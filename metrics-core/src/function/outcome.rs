//! Outcomes of calls.

use std::{ops::Deref, pin::Pin, task::Poll};

use crate::label::LabelValue;

/// The outcome of a call: the values of the label `result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The future was dropped before it finished.
    Cancelled,
    /// The function returned an error.
    Error,
    /// The function returned.
    Ok,
    /// The function panicked.
    Panicked,
}

impl Outcome {
    /// All of them, in the order of their positions.
    pub(crate) const ALL: [Self; 4] = [Self::Cancelled, Self::Error, Self::Ok, Self::Panicked];
}

/// The values in alphabetical order, which is their order in the exposition.
impl LabelValue for Outcome {
    const COUNT: usize = 4;

    #[inline]
    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        ["cancelled", "error", "ok", "panicked"].get(index).copied().unwrap_or_default()
    }
}

/// Tells whether a returned value is an error, also behind an alias such as `io::Result<T>`.
///
/// The inherent methods below win over the trait's where the type is a `Result`; every other type falls back to the trait.
#[derive(Debug)]
pub struct Probe<'a, T>(pub &'a T);

impl<T: Fallible> Probe<'_, T> {
    /// Returns `true` for an error. One method for all types that can be: where the function's body is wrong, the type of
    /// its value is unknown, and several candidates would be an error of their own.
    #[inline]
    pub fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

/// A type with values that are errors.
pub trait Fallible {
    /// Returns `true` for an error.
    fn is_error(&self) -> bool;
}

impl<T: Fallible + ?Sized> Fallible for Box<T> {
    #[inline]
    fn is_error(&self) -> bool {
        (**self).is_error()
    }
}

impl<P: Deref<Target: Fallible>> Fallible for Pin<P> {
    #[inline]
    fn is_error(&self) -> bool {
        (**self).is_error()
    }
}

impl<T: Fallible> Fallible for (T,) {
    #[inline]
    fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

impl<T, E> Fallible for Result<T, E> {
    #[inline]
    fn is_error(&self) -> bool {
        self.is_err()
    }
}

impl<T, E> Fallible for Poll<Result<T, E>> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Ready(Err(_)))
    }
}

impl<T, E> Fallible for Poll<Option<Result<T, E>>> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Ready(Some(Err(_))))
    }
}

/// A type with values that hold an error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no error",
    label = "`error(…)` needs a function that returns a `Result`",
    note = "a label from any returned value is `|ret| …`"
)]
pub trait Failing {
    /// The error's type.
    type Error;

    /// The error, where the value holds one.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Failing for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T, E> Failing for Poll<Result<T, E>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        match self {
            Self::Ready(Err(error)) => Some(error),
            _ => None,
        }
    }
}

impl<T, E> Failing for Poll<Option<Result<T, E>>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        match self {
            Self::Ready(Some(Err(error))) => Some(error),
            _ => None,
        }
    }
}

/// Applies a closure to the error in a returned value; `None` without an error.
#[inline]
pub fn error_of<'a, R: Failing, L>(returned: &'a R, to: impl FnOnce(&'a R::Error) -> L) -> Option<L> {
    returned.error().map(to)
}

/// The fallback of [`Probe`]: a value that is no `Result` is not an error.
pub trait PlainValue {
    /// Always false.
    #[inline]
    fn is_error(&self) -> bool {
        false
    }
}

impl<T> PlainValue for Probe<'_, T> {}
