//! How a call ended.

use std::task::Poll;

use crate::label::LabelValue;

/// How a call ended: the values of the label `result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The future was dropped before it finished.
    Cancelled,
    /// The function returned an error.
    Error,
    /// The function returned.
    Ok,
    /// The function panicked.
    Panicked,
}

/// The values in alphabetical order, which is their order in the exposition.
impl LabelValue for Ending {
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

impl<T, E> Probe<'_, Result<T, E>> {
    /// Whether the result is an error.
    #[inline]
    pub const fn is_error(&self) -> bool {
        self.0.is_err()
    }
}

impl<T, E> Probe<'_, Poll<Result<T, E>>> {
    /// Whether the poll is ready with an error.
    #[inline]
    pub const fn is_error(&self) -> bool {
        matches!(self.0, Poll::Ready(Err(_)))
    }
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
