//! The text of a series' labels, made once.

use crate::{
    descriptor::Label,
    label::{Interners, OTHER},
};

/// The label blocks of many series in one string.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    text: String,
    ends: Vec<u32>,
}

impl Blocks {
    /// Appends the block that `write` writes.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        // Four million series of a kilobyte each would be past this; the text is then cut, never wrong in place.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Gives back what was reserved in advance.
    pub(super) fn shrink(mut self) -> Self {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The blocks from the series `first` on.
    pub(super) fn iter_from(&self, first: usize) -> impl Iterator<Item = &str> {
        let start = first.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let ends = self.ends.get(first..).unwrap_or_default();
        ends.iter().scan(start as usize, |start, end| {
            let block = self.text.get(*start..*end as usize).unwrap_or_default();
            *start = *end as usize;
            Some(block)
        })
    }
}

/// The labels of the series at a position: names and values, absent (empty) values left out.
pub(super) fn pairs<'a>(
    labels: &'a [Label],
    interners: &'a Interners,
    position: usize,
) -> Vec<(&'a str, &'a str)> {
    let mut rest = position;
    let mut at = labels.iter().filter(|label| matches!(label, Label::Variable(_))).count();
    let mut pairs = Vec::with_capacity(labels.len());
    // The last dimension varies fastest, so the position is taken apart from the end.
    for label in labels.iter().rev() {
        let pair: (&str, &str) = match label {
            Label::Constant { name, value } => (name, value),
            Label::Variable(dimension) => {
                at -= 1;
                let place = rest % dimension.size();
                rest /= dimension.size();
                let interned = || interners.get(at).and_then(|interner| interner.text_at(place));
                (dimension.name(), dimension.value_at(place).or_else(interned).unwrap_or(OTHER))
            }
        };
        pairs.push(pair);
    }
    pairs.reverse();
    pairs.retain(|(_, value)| !value.is_empty());
    pairs
}

/// Writes the labels of the series at a position as the text formats have them, without braces.
pub(super) fn write_block(out: &mut String, labels: &[Label], interners: &Interners, position: usize) {
    for (index, (name, value)) in pairs(labels, interners, position).into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value);
        out.push('"');
    }
}

/// Writes a label value with `\`, `"` and line feeds escaped.
pub(crate) fn escape(out: &mut String, value: &str) {
    for part in value.split_inclusive(['\\', '"', '\n']) {
        match part.as_bytes().split_last() {
            Some((b'\n', _)) => {
                out.push_str(part.trim_end_matches('\n'));
                out.push_str("\\n");
            }
            Some((b'\\' | b'"', _)) => {
                let (start, special) = part.split_at(part.len() - 1);
                out.push_str(start);
                out.push('\\');
                out.push_str(special);
            }
            _ => out.push_str(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        for (value, expected) in [
            ("plain", "plain"),
            ("a\\b", "a\\\\b"),
            ("say \"ä\"", "say \\\"ä\\\""),
            ("\n\nx\n", "\\n\\nx\\n"),
            ("", ""),
        ] {
            let mut out = String::new();
            escape(&mut out, value);
            assert_eq!(out, expected);
        }
    }
}
