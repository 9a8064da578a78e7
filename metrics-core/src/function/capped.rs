//! Strings and integers of `capped(…)`, as text.

/// A string or an integer, read without an allocation.
pub trait CappedValue {
    /// Calls a function with the text.
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R;
}

impl CappedValue for str {
    #[inline]
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        with(self)
    }
}

impl CappedValue for String {
    #[inline]
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        with(self)
    }
}

impl CappedValue for std::borrow::Cow<'_, str> {
    #[inline]
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        with(self)
    }
}

impl<T: CappedValue + ?Sized> CappedValue for &T {
    #[inline]
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        T::with_text(self, with)
    }
}

/// `None` is the empty value.
impl<T: CappedValue> CappedValue for Option<T> {
    #[inline]
    fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        match self {
            Some(value) => value.with_text(with),
            None => with(""),
        }
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl CappedValue for $integer {
            #[inline]
            fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
                with(itoa::Buffer::new().format(*self))
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
