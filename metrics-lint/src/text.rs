//! Functions over texts for compile time and run time.

/// Returns whether a text begins with another.
pub(crate) const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    after(text, start).is_some()
}

/// Returns the text after a prefix, or `None` if it has another beginning.
pub(crate) const fn after<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let (mut text, mut start) = (text, start);
    while let [expected, others @ ..] = start {
        let [found, rest @ ..] = text else { return None };
        if *found != *expected {
            return None;
        }
        (text, start) = (rest, others);
    }
    Some(text)
}

/// Returns the text before a suffix, or `None` if it has another end.
pub(crate) const fn before<'a>(text: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let (mut text, mut end) = (text, end);
    while let [others @ .., expected] = end {
        let [rest @ .., found] = text else { return None };
        if *found != *expected {
            return None;
        }
        (text, end) = (rest, others);
    }
    Some(text)
}

/// Returns whether a text ends with another.
#[must_use]
pub const fn ends_with(text: &str, end: &str) -> bool {
    before(text.as_bytes(), end.as_bytes()).is_some()
}

/// Returns whether two texts are equal.
pub(crate) const fn same(one: &[u8], other: &[u8]) -> bool {
    matches!(after(one, other), Some([]))
}

/// Returns whether a text is in a list.
#[must_use]
pub const fn listed(text: &str, list: &[&str]) -> bool {
    let mut list = list;
    while let [first, rest @ ..] = list {
        if same(text.as_bytes(), first.as_bytes()) {
            return true;
        }
        list = rest;
    }
    false
}

/// The words of a name, separated by `_`.
pub(crate) struct Words<'a>(Option<&'a [u8]>);

/// Splits a name into its words.
pub(crate) const fn words(name: &str) -> Words<'_> {
    Words(Some(name.as_bytes()))
}

impl<'a> Words<'a> {
    /// Returns the first word and the others.
    pub(crate) const fn next(self) -> Option<(&'a [u8], Self)> {
        let Some(text) = self.0 else { return None };
        let mut rest = text;
        let mut length = 0;
        while let [letter, others @ ..] = rest {
            if *letter == b'_' {
                let word = match text.split_at_checked(length) {
                    Some((word, _)) => word,
                    None => text,
                };
                return Some((word, Self(Some(others))));
            }
            length += 1;
            rest = others;
        }
        Some((text, Self(None)))
    }
}

/// Returns whether a name contains these words as whole words, anywhere.
pub(crate) const fn has_words(name: &str, words: &str) -> bool {
    let (mut rest, mut at_start) = (name.as_bytes(), true);
    loop {
        if at_start && matches!(after(rest, words.as_bytes()), Some([] | [b'_', ..])) {
            return true;
        }
        let [letter, others @ ..] = rest else { return false };
        at_start = *letter == b'_';
        rest = others;
    }
}

/// Returns whether a name contains `_word_`, or ends in `_word`, in any letter case, as promtool looks for words.
///
/// `word` must be lower case.
pub(crate) const fn has_inner_word(name: &str, word: &str) -> bool {
    let mut rest = name.as_bytes();
    while let [letter, others @ ..] = rest {
        if *letter == b'_' && begins_in_any_case(others, word.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

/// Returns whether a text begins with this whole word.
const fn begins_in_any_case(text: &[u8], word: &[u8]) -> bool {
    let (mut text, mut word) = (text, word);
    while let [expected, others @ ..] = word {
        let [found, rest @ ..] = text else { return false };
        if !found.eq_ignore_ascii_case(expected) {
            return false;
        }
        (text, word) = (rest, others);
    }
    matches!(text, [] | [b'_', ..])
}

/// Removes a word from a name, except from its beginning.
pub(crate) fn without_word(name: &str, word: &str) -> String {
    let inside = name.replacen(&format!("_{word}_"), "_", 1);
    inside.strip_suffix(&format!("_{word}")).map(str::to_owned).unwrap_or(inside)
}

/// Replaces the words of a name for which `replace` returns another.
pub(crate) fn with_words(name: &str, replace: impl Fn(&str) -> Option<&'static str>) -> String {
    name.split('_').map(|word| replace(word).unwrap_or(word)).collect::<Vec<_>>().join("_")
}
