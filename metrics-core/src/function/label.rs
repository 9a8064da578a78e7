//! Labels of annotated functions: expressions whose types the macro cannot see.

use std::marker::PhantomData;

use crate::label::{Dimension, LabelValue};

/// Returns the position of a label of an argument.
#[inline]
pub fn position<L: LabelValue>(value: &L) -> u32 {
    narrow::<L>(value.index())
}

/// Returns the position of a label of the returned value; zero is the absent label.
#[inline]
pub fn returned<L: LabelValue>(value: &L) -> u32 {
    narrow::<Option<L>>(Some(value).index())
}

#[inline]
fn narrow<L: LabelValue>(position: usize) -> u32 {
    // An invalid label value of an implementation by hand has a position past those of every set.
    if position < L::COUNT { u32::try_from(position).unwrap_or(u32::MAX) } else { u32::MAX }
}

/// Type of a value, without the value.
pub const fn type_of<L: ?Sized>(_: &L) -> PhantomData<L> {
    PhantomData
}

/// Position of a label whose type the declaration of the site has checked.
///
/// A type that is not a label value falls back to the trait below, so that the error is reported once, in the declaration.
#[derive(Debug)]
pub struct LabelProbe<'a, L: ?Sized>(pub &'a L);

impl<L: LabelValue> LabelProbe<'_, L> {
    /// Returns the position as [`position`] does.
    #[inline]
    pub fn position(&self) -> u32 {
        position(self.0)
    }

    /// Returns the position as [`returned`] does.
    #[inline]
    pub fn returned(&self) -> u32 {
        returned(self.0)
    }
}

/// Fallback of [`LabelProbe`], which is compiled only with an error in the declaration.
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

/// Applies a closure to the returned value. The signature gives the closure's argument its type.
#[inline]
pub fn apply<'a, T: ?Sized, R>(value: &'a T, to: impl FnOnce(&'a T) -> R) -> R {
    to(value)
}

/// Returns the dimension of a label of an argument. `types` is a closure over the function's parameters that is never called; its
/// inferred type has the type of the label.
pub const fn dimension<A, L: LabelValue>(name: &'static str, _types: fn(A) -> PhantomData<L>) -> Dimension {
    Dimension::of::<L>(name)
}

/// Returns the dimension of a label of the returned value, which is absent if nothing is returned; `types` as for [`dimension`].
pub const fn returned_dimension<A, L: LabelValue>(
    name: &'static str,
    _types: fn(A) -> PhantomData<L>,
) -> Dimension {
    Dimension::of::<Option<L>>(name)
}

/// Returns the position and the type of a label whose type is known only in a call.
#[inline]
pub fn position_and_type<L: LabelValue>(value: &L) -> (u32, PhantomData<L>) {
    (position(value), PhantomData)
}

/// Returns the dimension of a label whose type is known only in a call.
pub const fn dimension_of<L: LabelValue>(name: &'static str, _: PhantomData<L>) -> Dimension {
    Dimension::of::<L>(name)
}
