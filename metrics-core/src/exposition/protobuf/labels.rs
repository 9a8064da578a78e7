//! The labels of a metric, which are given as the text formats have them.

use std::ops::Range;

use crate::encode::wire::{Sink, message_len, put_begin, put_text};

/// The labels of a metric, taken apart. Its memory is used again from series to series.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Where each name and each value is: in the block, or, where it had to be unescaped, in the text.
    found: Vec<Pair>,
    text: String,
    /// How long the messages of all pairs are together.
    len: usize,
}

#[derive(Debug)]
struct Pair {
    name: Range<usize>,
    value: Range<usize>,
    unescaped: bool,
}

impl Pair {
    fn len(&self) -> usize {
        message_len(self.name.len()) + message_len(self.value.len())
    }
}

impl Pairs {
    /// Takes blocks apart.
    pub(super) fn read(&mut self, block: &str) {
        self.found.clear();
        self.text.clear();
        self.len = 0;
        let bytes = block.as_bytes();
        let mut at = 0;
        while let Some(name_len) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'='))
        {
            let name = at..at + name_len;
            // Past the `="`.
            let start = name.end + 2;
            let (end, escaped) = end_of_value(bytes, start);
            let value = if escaped { self.unescape(block.get(start..end)) } else { start..end };
            let pair = Pair { name, value, unescaped: escaped };
            self.len += message_len(pair.len());
            self.found.push(pair);
            // Past the `",`.
            at = end + 2;
        }
    }

    fn unescape(&mut self, value: Option<&str>) -> Range<usize> {
        let start = self.text.len();
        let mut characters = value.unwrap_or_default().chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    let escaped = characters.next();
                    self.text.extend(escaped.map(|escaped| if escaped == 'n' { '\n' } else { escaped }));
                }
                _ => self.text.push(character),
            }
        }
        start..self.text.len()
    }

    /// How long the messages of all pairs are together.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Puts the pairs as messages of type `LabelPair`, each the first field.
    pub(super) fn put(&self, out: &mut impl Sink, block: &str) {
        for pair in &self.found {
            put_begin(out, 1, pair.len());
            put_text(out, 1, block.get(pair.name.clone()).unwrap_or_default());
            let source = if pair.unescaped { &self.text } else { block };
            put_text(out, 2, source.get(pair.value.clone()).unwrap_or_default());
        }
    }
}

/// Where the quote is that ends a value, and whether something before it is escaped.
#[inline]
fn end_of_value(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut at = start;
    let mut escaped = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    (at, escaped)
}

/// The messages of a label that is given as it is.
pub(super) fn put_pair(out: &mut impl Sink, name: &str, value: &str) {
    put_begin(out, 1, message_len(name.len()) + message_len(value.len()));
    put_text(out, 1, name);
    put_text(out, 2, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_taken_apart() {
        for (block, expected) in [
            ("", &[][..]),
            (r#"a="""#, &[("a", "")]),
            (r#"a="1",b="x=\"y\",\\",c="ä\n""#, &[("a", "1"), ("b", "x=\"y\",\\"), ("c", "ä\n")]),
        ] {
            let mut pairs = Pairs::default();
            pairs.read(block);
            let (mut out, mut wanted) = (Vec::new(), Vec::new());
            pairs.put(&mut out, block);
            for (name, value) in expected {
                put_pair(&mut wanted, name, value);
            }
            assert_eq!(out, wanted);
            assert_eq!(pairs.len(), out.len());
        }
    }
}
