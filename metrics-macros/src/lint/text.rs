//! Texts, looked at while compiling as well as at run time.

/// Whether a text begins with another.
pub(super) const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    after(text, start).is_some()
}

/// What comes after the beginning of a text.
pub(super) const fn after<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
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

/// What comes before the end of a text.
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

pub(crate) const fn ends_with(text: &str, end: &str) -> bool {
    before(text.as_bytes(), end.as_bytes()).is_some()
}

/// Whether two texts are the same.
pub(crate) const fn same(one: &[u8], other: &[u8]) -> bool {
    matches!(after(one, other), Some([]))
}

/// Whether a text is in a list.
pub(crate) const fn listed(text: &str, list: &[&str]) -> bool {
    let mut list = list;
    while let [first, rest @ ..] = list {
        if same(text.as_bytes(), first.as_bytes()) {
            return true;
        }
        list = rest;
    }
    false
}

/// The words of a name, which `_` separates.
pub(super) struct Words<'a>(Option<&'a [u8]>);

pub(super) const fn words(name: &str) -> Words<'_> {
    Words(Some(name.as_bytes()))
}

impl<'a> Words<'a> {
    /// The first word and the others.
    pub(super) const fn next(self) -> Option<(&'a [u8], Self)> {
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

/// Whether words stand in a name as words, at its beginning and end too.
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

/// Whether `_word_` is in a name or `_word` at its end in any letter case, as promtool looks for words; `word` is lower case.
pub(super) const fn has_inner_word(name: &str, word: &str) -> bool {
    let mut rest = name.as_bytes();
    while let [letter, others @ ..] = rest {
        if *letter == b'_' && begins_in_any_case(others, word.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

/// Whether a word begins a text and ends there or before `_`.
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

/// A name without a word that stands inside it or at its end.
pub(super) fn without_word(name: &str, word: &str) -> String {
    let inside = name.replacen(&format!("_{word}_"), "_", 1);
    inside.strip_suffix(&format!("_{word}")).map(str::to_owned).unwrap_or(inside)
}

/// A name with words replaced by others.
pub(super) fn with_words(name: &str, replace: impl Fn(&str) -> Option<&'static str>) -> String {
    name.split('_').map(|word| replace(word).unwrap_or(word)).collect::<Vec<_>>().join("_")
}
