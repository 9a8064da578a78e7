//! Strings as label values, with a limit.

use std::fmt;

use super::short::Short;

/// A string as a label value: a family keeps the first `LIMIT` distinct ones, later ones count under
/// [`OTHER`](super::OTHER).
///
/// Made from anything that is a string. Up to 39 bytes it does not allocate and is looked up without a lock.
///
/// ```
/// use metrics_core::Capped;
///
/// let region: Capped<100> = "eu".into();
/// assert_eq!(region.to_string(), "eu");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Capped<const LIMIT: usize>(Text);

/// A string as a look-up takes it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Text {
    Short(Short),
    Long(Box<str>),
}

impl<const LIMIT: usize> Capped<LIMIT> {
    #[inline]
    pub(crate) const fn text(&self) -> &Text {
        &self.0
    }
}

impl Text {
    #[inline]
    pub(crate) fn new(text: &str) -> Self {
        match Short::of_tiny(text.as_bytes()) {
            Some(short) => Self::Short(short),
            None => Self::of_longer(text),
        }
    }

    #[inline(never)]
    fn of_longer(text: &str) -> Self {
        Short::new(text.as_bytes()).map_or_else(|| Self::Long(text.into()), Self::Short)
    }

    /// Calls `with` with the bytes, which are UTF-8.
    pub(crate) fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Self::Short(short) => short.with_bytes(with),
            Self::Long(text) => with(text.as_bytes()),
        }
    }

    fn to_text(&self) -> String {
        self.with_bytes(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

impl<const LIMIT: usize> From<&str> for Capped<LIMIT> {
    #[inline]
    fn from(text: &str) -> Self {
        Self(Text::new(text))
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
