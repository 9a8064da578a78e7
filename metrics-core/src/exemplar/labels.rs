//! Labels of an exemplar, collected without an allocation.

use std::fmt::{self, Display, Write as _};

use super::drop_cause::DropCause;
use crate::name;

/// Largest number of code points in an exemplar's names and values together.
const MOST_POINTS: usize = 128;

/// Bytes for every legal set. A code point takes five bytes as a label `a="",`, and at most four in a value.
const ROOM: usize = MOST_POINTS * 5;

/// The labels of an exemplar, which an [`ExemplarSource`](crate::ExemplarSource) fills. OpenMetrics allows 128 code points of names
/// and values together.
///
/// If the labels are longer, or a name is illegal or repeated, the exemplar is dropped and counted in
/// `metrics_exemplars_dropped_total`.
///
/// <https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars>
#[derive(Clone)]
pub struct ExemplarLabels {
    /// Labels in the syntax of the text formats.
    text: [u8; ROOM],
    len: usize,
    points: usize,
    wrong: Option<DropCause>,
}

impl ExemplarLabels {
    pub(super) const fn new() -> Self {
        Self { text: [0; ROOM], len: 0, points: 0, wrong: None }
    }

    /// Removes all labels.
    pub(super) const fn clear(&mut self) {
        (self.len, self.points, self.wrong) = (0, 0, None);
    }

    /// Copies the labels of another exemplar.
    pub(super) fn copy(&mut self, other: &Self) {
        let len = other.len.min(ROOM);
        if let (Some(own), Some(text)) = (self.text.get_mut(..len), other.text.get(..len)) {
            own.copy_from_slice(text);
        }
        (self.len, self.points, self.wrong) = (len, other.points, other.wrong);
    }

    /// Adds a label.
    pub fn push(&mut self, name: &str, value: &str) {
        self.begin(name);
        self.push_value(value);
        self.end();
    }

    /// Adds a label whose value is formatted in place, without an allocation.
    pub fn push_display(&mut self, name: &str, value: impl Display) {
        self.begin(name);
        // It fails if the value does not fit, which `put` has noted.
        let _ = write!(Value(self), "{value}");
        self.end();
    }

    /// Returns whether no label was added.
    pub const fn is_empty(&self) -> bool {
        self.len == 0 && self.wrong.is_none()
    }

    /// Returns the labels in the syntax of the text formats without braces, or the cause for which the exemplar is dropped.
    pub(super) fn text(&self) -> Result<&[u8], DropCause> {
        match self.wrong {
            None => Ok(self.text.get(..self.len).unwrap_or_default()),
            Some(wrong) => Err(wrong),
        }
    }

    fn begin(&mut self, name: &str) {
        if name::check_label(name).is_err() || self.has(name) {
            self.wrong = Some(DropCause::Label);
        }
        self.points += name.chars().count();
        if self.len > 0 {
            self.put(b",");
        }
        self.put(name.as_bytes());
        self.put(b"=\"");
    }

    fn push_value(&mut self, value: &str) {
        self.points += value.chars().count();
        // Pieces without a character to escape are copied whole, as ids are.
        for piece in value.as_bytes().split_inclusive(|byte| matches!(byte, b'\n' | b'"' | b'\\')) {
            match piece {
                [plain @ .., b'\n'] => self.put_both(plain, b"\\n"),
                [plain @ .., b'"'] => self.put_both(plain, b"\\\""),
                [plain @ .., b'\\'] => self.put_both(plain, b"\\\\"),
                plain => self.put(plain),
            }
        }
    }

    fn put_both(&mut self, plain: &[u8], escaped: &[u8]) {
        self.put(plain);
        self.put(escaped);
    }

    fn end(&mut self) {
        self.put(b"\"");
        if self.points > MOST_POINTS && self.wrong.is_none() {
            self.wrong = Some(DropCause::Length);
        }
    }

    /// Returns whether there is a label of this name. A quote within a value is escaped, so that one before `,` ends a value.
    fn has(&self, name: &str) -> bool {
        let text = self.text.get(..self.len).unwrap_or_default();
        let begins = |at: usize| {
            let rest = text.get(at..).and_then(|rest| rest.strip_prefix(name.as_bytes()));
            rest.is_some_and(|rest| rest.starts_with(b"=\""))
        };
        // What follows a comma may stand within a value; mostly there is nothing of the kind, and nothing to look at twice.
        let is_candidate =
            |piece: &[u8]| piece.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"=\""));
        if !text.split(|byte| *byte == b',').any(is_candidate) {
            return false;
        }
        let mut escaped = false;
        let mut quoted = false;
        for (at, byte) in text.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = !quoted,
                b',' if !quoted && begins(at + 1) => return true,
                _ => {}
            }
        }
        begins(0)
    }

    fn put(&mut self, bytes: &[u8]) {
        match self.text.get_mut(self.len..self.len + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.wrong = Some(self.wrong.unwrap_or(DropCause::Length)),
        }
    }
}

/// Writes into the value of the last label.
struct Value<'a>(&'a mut ExemplarLabels);

impl fmt::Write for Value<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.push_value(part);
        if self.0.wrong.is_some() { Err(fmt::Error) } else { Ok(()) }
    }
}

impl fmt::Debug for ExemplarLabels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text().map(String::from_utf8_lossy);
        f.debug_tuple("ExemplarLabels").field(&text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(labels: &[(&str, &str)]) -> Result<String, DropCause> {
        let mut collected = ExemplarLabels::new();
        for (name, value) in labels {
            collected.push(name, value);
        }
        collected.text().map(|text| String::from_utf8(text.to_vec()).expect("UTF-8"))
    }

    #[test]
    fn labels_are_text_with_escapes() {
        assert_eq!(text(&[]).as_deref(), Ok(""));
        let pairs = [("trace_id", "4bf9"), ("b", "x\"y\\,a=\"\nä")];
        assert_eq!(text(&pairs).as_deref(), Ok("trace_id=\"4bf9\",b=\"x\\\"y\\\\,a=\\\"\\nä\""));
    }

    #[test]
    fn there_are_128_code_points_and_no_more() {
        for character in ["a", "ä", "\u{1F980}", "\"", "\n"] {
            assert!(text(&[("trace", &character.repeat(123))]).is_ok(), "{character}");
            assert_eq!(text(&[("trace", &character.repeat(124))]), Err(DropCause::Length), "{character}");
        }
        assert_eq!(text(&[("a", &"\u{1F980}".repeat(100_000)), ("b", "")]), Err(DropCause::Length));
        // As many labels as there can be, which takes the most room.
        let letters = ('a'..='z').chain('A'..='Z').map(String::from);
        let names: Vec<_> = letters.chain((0..10).map(|digit| format!("a{digit}"))).collect();
        let mut labels: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
        let long = "\u{1F980}".repeat(128 - 52 - 20 - 2);
        labels.push(("zz", &long));
        assert!(text(&labels).is_ok());
        labels.push(("y", "z"));
        assert!(text(&labels).is_err());
    }

    #[test]
    fn names_are_names_and_stand_once() {
        for name in ["", "1a", "a b", "é", "__a"] {
            assert_eq!(text(&[(name, "x")]), Err(DropCause::Label), "{name}");
        }
        assert_eq!(text(&[("a", "1"), ("b", ",a=\""), ("a", "2")]), Err(DropCause::Label));
        assert!(text(&[("b", "1\",a=\"2"), ("a", "3")]).is_ok());
    }

    #[test]
    fn values_are_formatted_in_place() {
        let mut labels = ExemplarLabels::new();
        labels.push_display("id", format_args!("{:04x}\"", 255));
        assert_eq!(labels.text(), Ok(&b"id=\"00ff\\\"\""[..]));
        labels.push_display("long", "x".repeat(200));
        assert_eq!(labels.text(), Err(DropCause::Length));
    }
}
