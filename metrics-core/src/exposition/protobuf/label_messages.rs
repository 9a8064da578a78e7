//! Labels as messages of type `LabelPair`.

use std::fmt::Write as _;

use crate::{
    encode::{
        PageBuffer, ROOM,
        wire::{message_len, put_begin, put_text},
    },
    exposition::view::{LabelPair, label_pairs},
};

/// Buffer for the labels of one series, which is reused for the next series.
#[derive(Debug, Default)]
pub(super) struct LabelMessages {
    messages: PageBuffer,
    unescaped: String,
}

impl LabelMessages {
    /// Returns the messages of labels in the syntax of the text formats.
    #[inline]
    pub(super) fn encode(&mut self, labels: &str) -> &[u8] {
        self.messages.clear();
        self.append(labels)
    }

    /// Appends further labels; returns the messages of all.
    #[inline]
    pub(super) fn append(&mut self, labels: &str) -> &[u8] {
        for pair in label_pairs(labels) {
            let LabelPair { name, escaped, has_escapes } = pair;
            if has_escapes {
                self.unescaped.clear();
                // Writing to a string cannot fail.
                let _ = write!(self.unescaped, "{pair}");
                put_pair(&mut self.messages, name, &self.unescaped);
            } else {
                put_pair(&mut self.messages, name, escaped);
            }
        }
        self.messages.written()
    }
}

/// Length up to which a name or a value is written with [`ROOM`] and has a length of one byte.
const SHORT: usize = 60;
const _: () = assert!(6 + 2 * SHORT < 0x80 && 6 + 2 * SHORT <= ROOM);

#[allow(clippy::cast_possible_truncation)] // they are short
#[inline]
fn put_pair(out: &mut PageBuffer, name: &str, value: &str) {
    let (name_len, value_len) = (name.len(), value.len());
    if name_len <= SHORT && value_len <= SHORT {
        let length = (4 + name_len + value_len) as u8;
        out.push_line(|line| {
            line.push_piece(&[1 << 3 | 2, length, 1 << 3 | 2, name_len as u8], 4);
            line.push_bytes(name.as_bytes());
            line.push_piece(&[2 << 3 | 2, value_len as u8], 2);
            line.push_bytes(value.as_bytes());
        });
    } else {
        put_begin(out, 1, message_len(name_len) + message_len(value_len));
        put_text(out, 1, name);
        put_text(out, 2, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unescaped() {
        let long = "x".repeat(SHORT + 1);
        let text = format!(r#"a="1",b="x=\"y\",\\",c="ä\n",d="{long}""#);
        let mut expected = PageBuffer::default();
        for (name, value) in [("a", "1"), ("b", "x=\"y\",\\"), ("c", "ä\n"), ("d", &long)] {
            put_begin(&mut expected, 1, message_len(name.len()) + message_len(value.len()));
            put_text(&mut expected, 1, name);
            put_text(&mut expected, 2, value);
        }
        let mut labels = LabelMessages::default();
        labels.encode("former=\"1\"");
        assert_eq!(labels.encode(&text), expected.written());
    }
}
