//! Labels of annotated functions: expressions whose types the macro cannot see.

use std::marker::PhantomData;

use crate::label::{Dimension, LabelValue};

/// The position of a label that comes from an argument.
#[inline]
pub fn position<L: LabelValue>(value: &L) -> u32 {
    narrow::<L>(value.index())
}

/// The position of a label that comes from the returned value; zero is the label's absence.
#[inline]
pub fn returned<L: LabelValue>(value: &L) -> u32 {
    narrow::<Option<L>>(Some(value).index())
}

#[inline]
fn narrow<L: LabelValue>(position: usize) -> u32 {
    // A label value implemented by hand may be none of its label's: its position is past those of every set.
    if position < L::COUNT { u32::try_from(position).unwrap_or(u32::MAX) } else { u32::MAX }
}

/// The type of a value, without the value.
pub const fn type_of<L: ?Sized>(_: &L) -> PhantomData<L> {
    PhantomData
}

/// The position of a label whose type the site's declaration has checked already.
///
/// A type that is no label value has no position, by the trait below: the mistake is an error in the declaration, once.
#[derive(Debug)]
pub struct LabelProbe<'a, L: ?Sized>(pub &'a L);

impl<L: LabelValue> LabelProbe<'_, L> {
    /// As [`position`].
    #[inline]
    pub fn position(&self) -> u32 {
        position(self.0)
    }

    /// As [`returned`].
    #[inline]
    pub fn returned(&self) -> u32 {
        returned(self.0)
    }
}

/// The fallback of [`LabelProbe`], which is compiled only beside an error.
pub trait NotALabelValue {
    /// Never called.
    fn position(&self) -> u32 {
        0
    }

    /// Never called.
    fn returned(&self) -> u32 {
        0
    }
}

impl<L: ?Sized> NotALabelValue for LabelProbe<'_, L> {}

/// Applies a closure to the returned value; the closure's argument needs no type, because it is known here.
#[inline]
pub fn apply<'a, T: ?Sized, R>(value: &'a T, to: impl FnOnce(&'a T) -> R) -> R {
    to(value)
}

/// The label of an argument. `types` is never called: it is a closure over the function's parameters, and its inferred type
/// names the label's.
pub const fn dimension<A, L: LabelValue>(name: &'static str, _types: fn(A) -> PhantomData<L>) -> Dimension {
    Dimension::of::<L>(name)
}

/// The label of a returned value, absent where nothing is returned; `types` as for [`dimension`].
pub const fn returned_dimension<A, L: LabelValue>(
    name: &'static str,
    _types: fn(A) -> PhantomData<L>,
) -> Dimension {
    Dimension::of::<Option<L>>(name)
}

/// The position and the type of a label whose type is known only in a call.
#[inline]
pub fn position_and_type<L: LabelValue>(value: &L) -> (u32, PhantomData<L>) {
    (position(value), PhantomData)
}

/// The label of an argument whose type is known only in a call.
pub const fn dimension_of<L: LabelValue>(name: &'static str, _: PhantomData<L>) -> Dimension {
    Dimension::of::<L>(name)
}

/// A value of `capped(…)`: a string or an integer, read without an allocation.
pub trait CappedValue {
    /// Calls `with` with the text.
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

/// Absent is the empty value.
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
