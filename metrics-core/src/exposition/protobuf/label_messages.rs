//! Labels as messages of type `LabelPair`.

use std::fmt::Write as _;

use crate::{
    encode::wire::{Sink, message_len, put_begin, put_text},
    exposition::view::{LabelPair, label_pairs},
};

/// Buffer for the labels of one series. Its memory is used again from series to series.
#[derive(Debug, Default)]
pub(super) struct LabelMessages {
    messages: Vec<u8>,
    unescaped: String,
}

impl LabelMessages {
    /// Returns the messages of labels that are given as the text formats have them.
    #[inline]
    pub(super) fn encode(&mut self, labels: &str) -> &[u8] {
        self.messages.clear();
        self.append(labels);
        &self.messages
    }

    /// Appends further labels, and returns the messages of all.
    #[inline]
    pub(super) fn append(&mut self, labels: &str) -> &[u8] {
        for pair in label_pairs(labels) {
            put_pair(&mut self.messages, pair, &mut self.unescaped);
        }
        &self.messages
    }
}

/// Puts labels that are given as the text formats have them.
pub(super) fn put_labels(out: &mut impl Sink, labels: &str) {
    let mut unescaped = String::new();
    for pair in label_pairs(labels) {
        put_pair(out, pair, &mut unescaped);
    }
}

#[inline]
fn put_pair(out: &mut impl Sink, pair: LabelPair<'_>, unescaped: &mut String) {
    let value = if pair.has_escapes {
        unescaped.clear();
        // Writing to a string cannot fail.
        let _ = write!(unescaped, "{pair}");
        unescaped.as_str()
    } else {
        pair.escaped
    };
    put_begin(out, 1, message_len(pair.name.len()) + message_len(value.len()));
    put_text(out, 1, pair.name);
    put_text(out, 2, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unescaped() {
        let mut labels = LabelMessages::default();
        labels.encode("former=\"1\"");
        let mut expected = Vec::new();
        for (name, value) in [("a", "1"), ("b", "x=\"y\",\\"), ("c", "ä\n")] {
            put_begin(&mut expected, 1, message_len(name.len()) + message_len(value.len()));
            put_text(&mut expected, 1, name);
            put_text(&mut expected, 2, value);
        }
        let text = r#"a="1",b="x=\"y\",\\",c="ä\n""#;
        assert_eq!(labels.encode(text), expected);
        let mut out = Vec::new();
        put_labels(&mut out, text);
        assert_eq!(out, expected);
    }
}
