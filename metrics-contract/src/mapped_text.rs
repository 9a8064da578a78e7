//! A text that knows from which byte of a file each of its bytes comes.

use std::ops::Range;

/// A text decoded or changed from a part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MappedText {
    text: String,
    /// Byte in the file, for each byte of the text.
    origins: Vec<usize>,
    /// Byte in the file after the text.
    end: usize,
}

impl MappedText {
    /// Creates a text that stands in the file as it is.
    pub(crate) fn verbatim(text: &str, start: usize) -> Self {
        let end = start + text.len();
        Self { text: text.to_owned(), origins: (start..end).collect(), end }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the byte in the file that a byte of the text comes from.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.origins.get(at).copied().unwrap_or(self.end)
    }

    /// Adds a text whose bytes all come from one byte of the file.
    pub(crate) fn push(&mut self, text: &str, origin: usize) {
        self.text.push_str(text);
        self.origins.resize(self.text.len(), origin);
        self.end = origin;
    }

    /// Adds a part of another text.
    pub(crate) fn push_part(&mut self, other: &Self, part: Range<usize>) {
        let Some(text) = other.text.get(part.clone()) else { return };
        self.text.push_str(text);
        self.origins.extend_from_slice(other.origins.get(part.clone()).unwrap_or_default());
        self.end = other.origin(part.end);
    }

    /// Returns a part of the text.
    pub(crate) fn part(&self, part: Range<usize>) -> Self {
        let mut text = Self::default();
        text.push_part(self, part);
        text
    }

    /// Returns the text without blanks around it.
    pub(crate) fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.part(start..start + self.text.trim().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_origins() {
        let text = MappedText::verbatim(" rate(a[$x]) ", 10).trimmed();
        let mut filled = text.part(0..7);
        filled.push("5m", text.origin(7));
        filled.push_part(&text, 9..11);
        assert_eq!(filled.as_str(), "rate(a[5m])");
        assert_eq!([0, 7, 8, 9, 11].map(|at| filled.origin(at)), [11, 18, 18, 20, 22]);
        assert_eq!(text.part(2..400), MappedText::default());
    }
}
