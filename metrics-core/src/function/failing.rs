//! Errors of returned values, for labels: `error(|err| …)`.

use std::{ops::Deref, pin::Pin, task::Poll};

/// A type with values that hold an error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no error",
    label = "`error(…)` needs a function that returns a `Result`",
    note = "a label from any returned value is `|ret| …`"
)]
pub trait Failing {
    /// The error's type.
    type Error;

    /// Returns the error that the value holds, if there is one.
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

impl<T: Failing + ?Sized> Failing for Box<T> {
    type Error = T::Error;

    #[inline]
    fn error(&self) -> Option<&T::Error> {
        (**self).error()
    }
}

impl<P: Deref<Target: Failing>> Failing for Pin<P> {
    type Error = <P::Target as Failing>::Error;

    #[inline]
    fn error(&self) -> Option<&Self::Error> {
        (**self).error()
    }
}

impl<T: Failing> Failing for (T,) {
    type Error = T::Error;

    #[inline]
    fn error(&self) -> Option<&T::Error> {
        self.0.error()
    }
}

/// Implements the trait for an `Either`: a guard before a function makes one of the function's result and its own answer.
#[cfg(any(feature = "actix-web", feature = "either"))]
macro_rules! either {
    ($either:ty) => {
        impl<L: Failing, R> Failing for $either {
            type Error = L::Error;

            #[inline]
            fn error(&self) -> Option<&L::Error> {
                match self {
                    Self::Left(value) => value.error(),
                    Self::Right(_) => None,
                }
            }
        }
    };
}

#[cfg(feature = "actix-web")]
either!(actix_web::Either<L, R>);
#[cfg(feature = "either")]
either!(either::Either<L, R>);

/// Applies a closure to the error in a returned value; `None` without an error.
#[inline]
pub fn error_of<'a, R: Failing, L>(returned: &'a R, to: impl FnOnce(&'a R::Error) -> L) -> Option<L> {
    returned.error().map(to)
}
