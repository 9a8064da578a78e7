//! Strings as label values, with a limit.

use std::fmt;

/// The longest string that is kept without an allocation.
const INLINE: usize = 38;

/// A string as a label value: a family keeps the first `LIMIT` distinct ones, later ones count under
/// [`OTHER`](super::OTHER).
///
/// Made from anything that is a string; up to 38 bytes it does not allocate.
///
/// ```
/// use metrics_core::Capped;
///
/// let region: Capped<100> = "eu".into();
/// assert_eq!(region.to_string(), "eu");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Capped<const LIMIT: usize>(Text);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Text {
    /// Bytes past the length are zero, so that the derived comparison holds.
    Inline(u8, [u8; INLINE]),
    Heap(Box<str>),
}

impl<const LIMIT: usize> Capped<LIMIT> {
    /// The string's bytes, which are UTF-8.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Inline(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Text::Heap(text) => text.as_bytes(),
        }
    }
}

impl<const LIMIT: usize> From<&str> for Capped<LIMIT> {
    #[inline]
    fn from(text: &str) -> Self {
        let mut bytes = [0; INLINE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Self(Text::Inline(length, bytes))
            }
            _ => Self(Text::Heap(text.into())),
        }
    }
}

impl<const LIMIT: usize> From<&String> for Capped<LIMIT> {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl<const LIMIT: usize> From<String> for Capped<LIMIT> {
    fn from(text: String) -> Self {
        if text.len() <= INLINE { text.as_str().into() } else { Self(Text::Heap(text.into())) }
    }
}

impl<const LIMIT: usize> fmt::Display for Capped<LIMIT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

impl<const LIMIT: usize> fmt::Debug for Capped<LIMIT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.as_bytes()), f)
    }
}
