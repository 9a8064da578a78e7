//! Strings as label values, with a limit.

use std::fmt;

use super::{short::ShortString, text::without_separators};

/// A string as a label value. A family keeps the first `LIMIT` distinct strings and counts later ones under
/// [`OTHER`](super::OTHER).
///
/// It is made from a `&str`, a `String` or a `&String`. Up to 39 bytes do not allocate and are looked up without a lock. Control
/// characters and line separators become `\u{FFFD}`, as some readers of a page split lines at them.
///
/// ```
/// use metrics_core::Capped;
///
/// let region: Capped<100> = "eu".into();
/// assert_eq!(region.to_string(), "eu");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Capped<const LIMIT: usize>(CappedText);

/// A string in the form of a look-up.
///
/// It is a struct and not an enum, so that a look-up keeps the words of a short string in registers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CappedText {
    /// The string if it is short, otherwise [`ShortString::LONG`].
    short: ShortString,
    /// The string if it is not short.
    long: Option<Box<str>>,
}

impl<const LIMIT: usize> Capped<LIMIT> {
    #[inline]
    pub(crate) const fn text(&self) -> &CappedText {
        &self.0
    }
}

impl CappedText {
    #[inline]
    pub(crate) fn new(text: &str) -> Self {
        // Both branches return plain words, which stay in registers.
        let (words, long) = if let Some(short) = ShortString::of_tiny(text.as_bytes()) {
            (*short.words(), None)
        } else {
            let Self { short, long } = Self::of_longer(text);
            (*short.words(), long)
        };
        Self { short: ShortString::of_words(words), long }
    }

    #[inline(never)]
    fn of_longer(text: &str) -> Self {
        match ShortString::new(text.as_bytes()) {
            Some(short) => Self { short, long: None },
            None => Self { short: ShortString::LONG, long: Some(text.into()) },
        }
    }

    /// Returns the words of a short string, or [`ShortString::LONG`] for another.
    #[inline]
    pub(crate) const fn short(&self) -> &ShortString {
        &self.short
    }

    /// Returns whether the string is short.
    pub(crate) const fn is_short(&self) -> bool {
        self.long.is_none()
    }

    /// Calls a function with the bytes, which are UTF-8.
    pub(crate) fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        match &self.long {
            None => self.short.with_bytes(with),
            Some(text) => with(text.as_bytes()),
        }
    }

    /// Returns whether the string has characters that [`to_label_value`](Self::to_label_value) replaces.
    pub(crate) fn has_separators(&self) -> bool {
        self.with_bytes(|bytes| without_separators(&String::from_utf8_lossy(bytes)).is_some())
    }

    /// Returns the string with control characters and line separators replaced.
    pub(crate) fn to_label_value(&self) -> Box<str> {
        let text = self.to_text();
        without_separators(&text).unwrap_or(text).into()
    }

    fn to_text(&self) -> String {
        self.with_bytes(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

impl<const LIMIT: usize> From<&str> for Capped<LIMIT> {
    #[inline]
    fn from(text: &str) -> Self {
        Self(CappedText::new(text))
    }
}

impl<const LIMIT: usize> From<&String> for Capped<LIMIT> {
    #[inline]
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl<const LIMIT: usize> From<String> for Capped<LIMIT> {
    #[inline]
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<const LIMIT: usize> fmt::Display for Capped<LIMIT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_text())
    }
}

impl<const LIMIT: usize> fmt::Debug for Capped<LIMIT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.to_text(), f)
    }
}
