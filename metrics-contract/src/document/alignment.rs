//! Decoded texts beside the source that they were decoded from.

use crate::mapped_text::MappedText;

/// Notation of a text in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// As it is; lines may be folded and indented.
    Plain,
    /// Between `'`, where `''` is one.
    Single,
    /// Between `"`, with escapes.
    Double,
    /// Indented below a line that begins with `|` or `>`.
    Block,
}

/// Finds the byte of the source for each byte of a decoded text.
///
/// Both sides are walked in parallel, and blanks stand for blanks of any number: that is all that YAML changes but for escapes.
pub(super) fn align(value: &str, source: &str, start: usize, quoting: Quoting) -> MappedText {
    let mut at = content_start(source, start, quoting);
    let mut mapped = MappedText::default();
    for character in value.chars() {
        if !character.is_whitespace() {
            at += blanks(source, at, quoting);
        }
        let mut buffer = [0; 4];
        mapped.push(character.encode_utf8(&mut buffer), at);
        at += match decoded(source.get(at..).unwrap_or_default(), quoting) {
            Some((found, length)) if found == character => length,
            Some((found, length)) if found.is_whitespace() && character.is_whitespace() => length,
            _ => 0,
        };
    }
    // The byte after the text.
    let text = mapped.as_str().to_owned();
    let mut whole = MappedText::default();
    whole.push_part(&mapped, 0..text.len());
    whole.push("", at);
    whole
}

/// Returns the first byte after the quote, or in the line below the block's head.
fn content_start(source: &str, start: usize, quoting: Quoting) -> usize {
    let rest = source.get(start..).unwrap_or_default();
    match quoting {
        Quoting::Single | Quoting::Double => start + usize::from(rest.starts_with(['"', '\''])),
        Quoting::Block if rest.starts_with(['|', '>']) => {
            rest.find('\n').map_or(source.len(), |end| start + end + 1)
        }
        Quoting::Plain | Quoting::Block => start,
    }
}

/// Returns the number of bytes of blanks, and of escaped ends of lines, from a byte on.
fn blanks(source: &str, start: usize, quoting: Quoting) -> usize {
    let rest = source.get(start..).unwrap_or_default();
    let mut length = 0;
    loop {
        let here = rest.get(length..).unwrap_or_default();
        length += match here.chars().next() {
            Some(blank) if blank.is_whitespace() => blank.len_utf8(),
            Some('\\') if quoting == Quoting::Double && here.starts_with("\\\n") => 2,
            Some('\\') if quoting == Quoting::Double && here.starts_with("\\\r\n") => 3,
            _ => return length,
        };
    }
}

/// Returns the character that the source has next, and its length there.
fn decoded(rest: &str, quoting: Quoting) -> Option<(char, usize)> {
    let first = rest.chars().next()?;
    match (quoting, first) {
        (Quoting::Single, '\'') => Some(('\'', 2)),
        (Quoting::Double, '\\') => escape(rest.get(1..)?).map(|(character, length)| (character, length + 1)),
        _ => Some((first, first.len_utf8())),
    }
}

/// Returns the character of an escape and its length, after the backslash.
fn escape(rest: &str) -> Option<(char, usize)> {
    let first = rest.chars().next()?;
    let digits = match first {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        'n' => return Some(('\n', 1)),
        't' => return Some(('\t', 1)),
        'r' => return Some(('\r', 1)),
        same => return Some((same, same.len_utf8())),
    };
    let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
    Some((char::from_u32(code)?, 1 + digits))
}
