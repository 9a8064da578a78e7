//! Errors in returned values: a `Result`, and the types around one.

use std::{borrow::Cow, ops::Deref, pin::Pin, task::Poll, time::Duration};

/// Probe for errors in returned values, also behind an alias such as `io::Result<T>`.
///
/// For types that can be errors the inherent methods win over the trait's; other types fall back to the trait.
#[derive(Debug)]
pub struct Probe<'a, T>(pub &'a T);

// One method for all types that can be errors. In a function with a type error the type is unknown, and several candidates would
// be a second error.

impl<T: Fallible> Probe<'_, T> {
    /// Returns `true` for an error.
    #[inline]
    pub fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

impl<T: HoldsResponse> Probe<'_, T> {
    /// Returns `true` for a response that failed, also inside of an `Ok`.
    #[inline]
    pub fn is_failed_response(&self) -> bool {
        self.0.is_failed_response()
    }
}

/// Fallback of [`Probe`]: a value of another type is not an error.
pub trait PlainValue {
    /// Returns `false`.
    #[inline]
    fn is_error(&self) -> bool {
        false
    }

    /// Returns `false`.
    #[inline]
    fn is_failed_response(&self) -> bool {
        false
    }
}

impl<T> PlainValue for Probe<'_, T> {}

/// A type with values that are errors.
pub trait Fallible {
    /// Returns `true` for an error.
    fn is_error(&self) -> bool;
}

/// A type that may hold an HTTP response, at any depth.
///
/// It is a trait of its own, as any `Result` is [`Fallible`].
pub trait HoldsResponse {
    /// Returns `true` for a response that failed: its status is 5xx.
    fn is_failed_response(&self) -> bool;
}

impl<T, E> Fallible for Result<T, E> {
    #[inline]
    fn is_error(&self) -> bool {
        self.is_err()
    }
}

impl<T: HoldsResponse, E> HoldsResponse for Result<T, E> {
    #[inline]
    fn is_failed_response(&self) -> bool {
        self.as_ref().is_ok_and(HoldsResponse::is_failed_response)
    }
}

impl<T: Fallible + ?Sized> Fallible for Box<T> {
    #[inline]
    fn is_error(&self) -> bool {
        (**self).is_error()
    }
}

impl<T: HoldsResponse + ?Sized> HoldsResponse for Box<T> {
    #[inline]
    fn is_failed_response(&self) -> bool {
        (**self).is_failed_response()
    }
}

impl<P: Deref<Target: Fallible>> Fallible for Pin<P> {
    #[inline]
    fn is_error(&self) -> bool {
        (**self).is_error()
    }
}

impl<P: Deref<Target: HoldsResponse>> HoldsResponse for Pin<P> {
    #[inline]
    fn is_failed_response(&self) -> bool {
        (**self).is_failed_response()
    }
}

impl<T: Fallible> Fallible for (T,) {
    #[inline]
    fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

impl<T: HoldsResponse> HoldsResponse for (T,) {
    #[inline]
    fn is_failed_response(&self) -> bool {
        self.0.is_failed_response()
    }
}

impl<T, E> Fallible for Poll<Result<T, E>> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Ready(Err(_)))
    }
}

impl<T: HoldsResponse> HoldsResponse for Poll<T> {
    #[inline]
    fn is_failed_response(&self) -> bool {
        matches!(self, Self::Ready(value) if value.is_failed_response())
    }
}

impl<T, E> Fallible for Poll<Option<Result<T, E>>> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Ready(Some(Err(_))))
    }
}

/// `Either` is an error if the value in it is.
#[cfg(any(feature = "actix-web", feature = "either"))]
macro_rules! either {
    ($either:ty) => {
        impl<L: Fallible, R: Fallible> Fallible for $either {
            #[inline]
            fn is_error(&self) -> bool {
                match self {
                    Self::Left(value) => value.is_error(),
                    Self::Right(value) => value.is_error(),
                }
            }
        }

        impl<L: HoldsResponse, R: HoldsResponse> HoldsResponse for $either {
            #[inline]
            fn is_failed_response(&self) -> bool {
                match self {
                    Self::Left(value) => value.is_failed_response(),
                    Self::Right(value) => value.is_failed_response(),
                }
            }
        }
    };
}

#[cfg(feature = "actix-web")]
either!(actix_web::Either<L, R>);
#[cfg(feature = "either")]
either!(either::Either<L, R>);

/// Types whose values are neither errors nor responses, as parts of the types above.
macro_rules! plain {
    ($($({$parameter:ident})? $plain:ty,)*) => {$(
        impl$(<$parameter>)? Fallible for $plain {
            #[inline]
            fn is_error(&self) -> bool {
                false
            }
        }

        impl$(<$parameter>)? HoldsResponse for $plain {
            #[inline]
            fn is_failed_response(&self) -> bool {
                false
            }
        }
    )*};
}

plain! {
    (), bool, char, String, &str, Duration, Cow<'_, str>, {T} Vec<T>, {T} Option<T>, serde_json::Value,
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64,
}

#[cfg(any(feature = "http", feature = "actix-web"))]
mod responses;
