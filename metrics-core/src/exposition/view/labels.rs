//! Labels of a series.

use std::fmt;

use memchr::{memchr, memchr2};

use crate::series::SeriesLabels;

/// Labels of a series: those that their family keeps, or a text that was made for the page.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) enum Labels<'s> {
    Kept(SeriesLabels<'s>),
    Made(&'s str),
}

impl<'s> Labels<'s> {
    #[inline]
    pub(super) const fn of_series(labels: SeriesLabels<'s>) -> Self {
        Self::Kept(labels)
    }

    pub(super) const fn of_text(text: &'s str) -> Self {
        Self::Made(text)
    }

    /// Returns the labels as the text formats have them, without braces.
    #[inline]
    pub(in crate::exposition) fn text(self) -> &'s str {
        match self {
            Self::Kept(labels) => labels.text(),
            Self::Made(text) => text,
        }
    }

    /// Returns the text as bytes.
    #[inline]
    pub(in crate::exposition) fn bytes(self) -> &'s [u8] {
        match self {
            Self::Kept(labels) => labels.bytes(),
            Self::Made(text) => text.as_bytes(),
        }
    }

    /// Returns the labels as `encode` has written them, where the family keeps that.
    #[inline]
    pub(in crate::exposition) fn encoded(self, encode: impl FnMut(&str, &mut Vec<u8>)) -> Option<&'s [u8]> {
        match self {
            Self::Kept(labels) => Some(labels.encoded(encode)),
            Self::Made(_) => None,
        }
    }

    pub(in crate::exposition) fn pairs(self) -> impl Iterator<Item = LabelPair<'s>> {
        label_pairs(self.text())
    }
}

/// A label's name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exposition) struct LabelPair<'s> {
    pub(in crate::exposition) name: &'s str,
    /// The value as the text formats have it, escaped.
    pub(in crate::exposition) escaped: &'s str,
    pub(in crate::exposition) has_escapes: bool,
}

/// Reads labels that are given as the text formats have them.
#[inline]
pub(in crate::exposition) fn label_pairs(text: &str) -> impl Iterator<Item = LabelPair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (name, quoted) = rest.split_at_checked(memchr(b'=', rest.as_bytes())?)?;
        // Past `="`.
        let quoted = quoted.get(2..)?;
        let (end, has_escapes) = end_of_value(quoted.as_bytes());
        let escaped = quoted.get(..end)?;
        // Past `",`.
        rest = quoted.get(end + 2..).unwrap_or_default();
        Some(LabelPair { name, escaped, has_escapes })
    })
}

/// Returns the position of the quote that ends a value, and whether something before it is escaped.
#[inline]
fn end_of_value(bytes: &[u8]) -> (usize, bool) {
    let mut at = 0;
    let mut has_escapes = false;
    while let Some(rest) = bytes.get(at..) {
        let Some(found) = memchr2(b'"', b'\\', rest) else { return (bytes.len(), has_escapes) };
        if rest.get(found) == Some(&b'"') {
            return (at + found, has_escapes);
        }
        has_escapes = true;
        at += found + 2;
    }
    (bytes.len(), has_escapes)
}

/// Displays the value.
impl fmt::Display for LabelPair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.escaped;
        while let Some((plain, escape)) = rest.split_once('\\') {
            f.write_str(plain)?;
            let mut characters = escape.chars();
            match characters.next() {
                Some('n') => f.write_str("\n")?,
                Some(character) => fmt::Write::write_char(f, character)?,
                None => {}
            }
            rest = characters.as_str();
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_back() {
        for (text, expected) in [
            ("", &[][..]),
            (r#"a="""#, &[("a", "")]),
            (r#"a="1",b="x=\"y\",\\",c="ä\n""#, &[("a", "1"), ("b", "x=\"y\",\\"), ("c", "ä\n")]),
        ] {
            let pairs: Vec<_> = label_pairs(text).map(|pair| (pair.name, pair.to_string())).collect();
            let expected: Vec<_> =
                expected.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            assert_eq!(pairs, expected);
        }
    }
}
