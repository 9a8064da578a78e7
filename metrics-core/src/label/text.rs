//! Escaping and parsing of labels in the text formats.

use memchr::memchr3;

/// Writes a label value with `\`, `"` and line feeds escaped.
pub(crate) fn escape(out: &mut String, value: &str) {
    if memchr3(b'\\', b'"', b'\n', value.as_bytes()).is_none() {
        return out.push_str(value);
    }
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

/// Parses labels in the syntax of the text formats; returns names and unescaped values.
pub(crate) fn parse_block(block: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = block;
    while let Some((name, quoted)) = rest.split_once("=\"") {
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        let mut end = quoted.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => value.extend(
                    characters.next().map(|(_, escaped)| if escaped == 'n' { '\n' } else { escaped }),
                ),
                _ => value.push(character),
            }
        }
        pairs.push((name.trim_start_matches(',').into(), value));
        rest = quoted.get(end..).unwrap_or_default();
    }
    pairs
}

/// Replaces control characters and line separators; returns `None` if there are none.
///
/// Some readers of the text format split lines at all of Unicode's line ends, and lose the whole page. A line feed stays, as the
/// formats escape it.
pub(super) fn without_separators(value: &str) -> Option<String> {
    let is_separator = |character: char| {
        character != '\n' && (character.is_control() || matches!(character, '\u{2028}' | '\u{2029}'))
    };
    value.contains(is_separator).then(|| value.replace(is_separator, "\u{FFFD}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_back() {
        for value in ["", "plain", "a\\b", "\"", "x=\"y\",z", "line\nfeed\\n", "ä"] {
            let mut block = String::from("a=\"");
            escape(&mut block, value);
            block.push_str("\",b=\"2\"");
            let expected = [("a".to_owned(), value.to_owned()), ("b".into(), "2".into())];
            assert_eq!(parse_block(&block), expected);
        }
        assert_eq!(parse_block(""), []);
    }

    #[test]
    fn separators_are_replaced() {
        for plain in ["", "a", "ä\u{2027}", "line\nfeed", "\u{FFFD}"] {
            assert_eq!(without_separators(plain), None);
        }
        for separator in
            ['\r', '\t', '\0', '\u{B}', '\u{C}', '\u{1C}', '\u{7F}', '\u{85}', '\u{2028}', '\u{2029}']
        {
            let replaced = without_separators(&format!("a{separator}b"));
            assert_eq!(replaced.as_deref(), Some("a\u{FFFD}b"), "{separator:?}");
        }
    }

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
