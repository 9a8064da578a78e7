//! Positions of the values of `capped(…)`, whatever their types.

use std::fmt::Display;

use super::{CallSite, CappedValue};

/// The position of a value of `capped(…)`.
///
/// The inherent method wins for strings and integers, which are read without an allocation. Any other value is shown by its
/// `Display`.
#[derive(Debug)]
pub struct CappedProbe<'a, T: ?Sized>(pub &'a T);

impl<T: CappedValue + ?Sized> CappedProbe<'_, T> {
    /// Returns the position of the value; `dimension` is the label's index among the site's dimensions.
    #[inline]
    pub fn position(&self, site: &'static CallSite, dimension: usize) -> u32 {
        site.capped(dimension, self.0)
    }
}

/// The fallback of [`CappedProbe`].
pub trait DisplayedValue<T: ?Sized> {
    /// Returns the position of the text that the value shows.
    fn position(&self, site: &'static CallSite, dimension: usize) -> u32
    where
        T: CappedText;
}

impl<T: ?Sized> DisplayedValue<T> for CappedProbe<'_, T> {
    fn position(&self, site: &'static CallSite, dimension: usize) -> u32
    where
        T: CappedText,
    {
        site.capped(dimension, &self.0.text())
    }
}

/// A value with a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no text that `capped` could keep",
    label = "not a string, an integer, or a type that implements `Display`",
    note = "make a string of it: `capped(format!(\"{{value:?}}\"), 20)`"
)]
pub trait CappedText {
    /// The text.
    fn text(&self) -> String;
}

impl<T: Display + ?Sized> CappedText for T {
    fn text(&self) -> String {
        self.to_string()
    }
}
