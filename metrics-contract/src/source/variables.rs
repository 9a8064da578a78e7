//! Grafana's variables in queries, filled with something of the right kind.

use std::collections::BTreeMap;

use crate::mapped_text::MappedText;

/// Stands for a name that a variable gives.
pub(crate) const UNKNOWN_NAME: &str = "__variable";
/// Stands for a part of a label's value that a variable gives.
pub(crate) const UNKNOWN_VALUE: char = '\u{f8ff}';

/// Words before a list of labels.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Variables of a query up to which all combinations are tried.
const MAX_OPEN: u32 = 5;

/// Fills variables. Each that may be a number or a metric has its declared value, or is one in some readings and the other in others.
pub(super) fn readings(text: &MappedText, declared: &BTreeMap<String, String>) -> Vec<MappedText> {
    let (as_numbers, open) = Filler::new(text, declared, 0).fill();
    let others = 1..1 << open.min(MAX_OPEN);
    let others = others.map(|names| Filler::new(text, declared, names).fill().0);
    std::iter::once(as_numbers).chain(others).collect()
}

struct Filler<'a> {
    text: &'a MappedText,
    declared: &'a BTreeMap<String, String>,
    /// A bit for each variable that may be a number or a metric, set if it is a metric.
    names: u32,
    /// Number of these variables so far.
    open: u32,
    filled: MappedText,
    at: usize,
    /// The quote of the string that the place is in.
    quote: Option<char>,
    in_range: bool,
    in_list: bool,
}

impl<'a> Filler<'a> {
    fn new(text: &'a MappedText, declared: &'a BTreeMap<String, String>, names: u32) -> Self {
        let filled = MappedText::default();
        Self { text, declared, names, open: 0, filled, at: 0, quote: None, in_range: false, in_list: false }
    }

    /// Returns the filled text, and the number of variables that may be a number or a metric.
    fn fill(mut self) -> (MappedText, u32) {
        while let Some(rest) = self.text.as_str().get(self.at..).filter(|rest| !rest.is_empty()) {
            if let Some((name, length)) = variable(rest) {
                let value = self.value(name, rest.get(length..).unwrap_or_default());
                self.filled.push(&value, self.text.origin(self.at));
                self.at += length;
            } else {
                let character = rest.chars().next().unwrap_or_default();
                let escaped = character == '\\' && self.quote.is_some_and(|quote| quote != '`');
                let length = rest.chars().take(1 + usize::from(escaped)).map(char::len_utf8).sum::<usize>();
                self.note(character);
                self.filled.push_part(self.text, self.at..self.at + length);
                self.at += length;
            }
        }
        self.filled.push_part(self.text, self.at..self.at);
        (self.filled, self.open)
    }

    /// Keeps track of strings, ranges and lists of labels.
    fn note(&mut self, character: char) {
        if let Some(quote) = self.quote {
            if character == quote {
                self.quote = None;
            }
            return;
        }
        match character {
            '"' | '\'' | '`' => self.quote = Some(character),
            '[' => self.in_range = true,
            ']' => self.in_range = false,
            '(' => self.in_list = LISTS.contains(&self.last_word().as_str()),
            ')' => self.in_list = false,
            _ => {}
        }
    }

    fn last_word(&self) -> String {
        let before = self.filled.as_str().trim_end();
        let start = before.rfind(|other: char| !is_word(other)).map_or(0, |at| at + 1);
        before.get(start..).unwrap_or_default().to_lowercase()
    }

    /// Returns the text for a variable, before the rest of the query.
    fn value(&mut self, name: &str, rest: &str) -> String {
        let is_part = self.filled.as_str().ends_with(is_word) || rest.starts_with(is_word);
        if self.quote.is_some() {
            UNKNOWN_VALUE.to_string()
        } else if self.in_range || self.last_word() == "offset" {
            "5m".to_owned()
        } else if self.in_list || is_part || rest.starts_with(['{', '[']) {
            UNKNOWN_NAME.to_owned()
        } else {
            if let Some(known) = self.declared.get(name).filter(|value| is_number_or_name(value)) {
                return known.clone();
            }
            let is_name = self.names.checked_shr(self.open).is_some_and(|names| names & 1 == 1);
            self.open += 1;
            if is_name { UNKNOWN_NAME.to_owned() } else { "1".to_owned() }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == ':'
}

fn is_number_or_name(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|character| is_word(character) || character == '.')
}

/// Returns the name of the variable that a text begins with, and the length of its mention.
fn variable(text: &str) -> Option<(&str, usize)> {
    let braced = |rest: &'_ str, end: &str| {
        let length = rest.find(end)?;
        let name = rest.get(..length)?.split([':', '.']).next()?;
        (!name.is_empty() && name.chars().all(is_word)).then_some((name.len(), length + end.len()))
    };
    let (start, (name, length)) = if let Some(rest) = text.strip_prefix("${") {
        (2, braced(rest, "}")?)
    } else if let Some(rest) = text.strip_prefix("[[") {
        (2, braced(rest, "]]")?)
    } else {
        let rest = text.strip_prefix('$')?;
        let name = rest.find(|other: char| !is_word(other) || other == ':').unwrap_or(rest.len());
        let starts_as_name = rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        (1, starts_as_name.then_some((name, name))?)
    };
    Some((text.get(start..start + name)?, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_by_their_place() {
        let declared = BTreeMap::from([("top".to_owned(), "7".to_owned())]);
        for (text, expected) in [
            ("rate(a[$__rate_interval])", "rate(a[5m])"),
            ("rate(a{job=~\"$job\", x='${y:regex}z'}[5m])", "rate(a{job=~\"\u{f8ff}\", x='\u{f8ff}z'}[5m])"),
            ("rate(a[[[interval]]]) offset $back", "rate(a[5m]) offset 5m"),
            (
                "topk($top, sum by ($label) (a_${unit}_total))",
                "topk(7, sum by (__variable) (a___variable_total))",
            ),
            ("$metric{a=\"\\\"$\"} > $limit", "__variable{a=\"\\\"$\"} > 1"),
            (
                "label_replace(a, \"b\", \"$1\", \"c\", \"(.*)\")",
                "label_replace(a, \"b\", \"$1\", \"c\", \"(.*)\")",
            ),
        ] {
            let readings = readings(&MappedText::verbatim(text, 0), &declared);
            assert_eq!(readings[0].as_str(), expected, "{text}");
        }
    }
}
