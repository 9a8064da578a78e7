//! The grammar of names, as the data model of Prometheus has it, checked at registration.

use std::fmt;

/// Why a definition is refused: which part, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub(crate) part: String,
    pub(crate) reason: &'static str,
}

impl Rejection {
    pub(crate) fn new(part: impl Into<String>, reason: &'static str) -> Self {
        Self { part: part.into(), reason }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.part, self.reason)
    }
}

/// Checks a part of a metric name that is a constant, while compiling.
///
/// # Panics
///
/// Where it is no name; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_name(name: &str, counter: bool) {
    let bytes = name.as_bytes();
    assert!(!bytes.is_empty(), "the metric name is empty");
    assert!(!bytes[0].is_ascii_digit(), "a metric name does not begin with a digit");
    let mut at = 0;
    while at < bytes.len() {
        let legal = bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
        assert!(legal, "a metric name is made of ASCII letters, digits and `_`");
        at += 1;
    }
    let total = matches!(bytes.split_last_chunk(), Some((_, [b'_', b't', b'o', b't', b'a', b'l'])));
    assert!(total || !counter, "a counter's name ends in `_total`");
}

/// Checks a help text that is a constant, while compiling.
///
/// # Panics
///
/// Where it is empty; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_help(help: &str) {
    assert!(!help.is_empty(), "the help text is empty, so say what is measured");
}

/// Checks the bounds of buckets that are a constant, while compiling.
///
/// # Panics
///
/// Where they are no bounds; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_buckets(bounds: &[f64]) {
    assert!(!bounds.is_empty(), "a histogram needs at least one bucket");
    assert!(bounds.len() <= 500, "a histogram has at most 500 buckets");
    let mut at = 0;
    while at < bounds.len() {
        assert!(bounds[at].is_finite(), "a bucket is a finite number; `+Inf` is always there");
        assert!(at == 0 || bounds[at - 1] < bounds[at], "buckets increase");
        at += 1;
    }
}

/// A metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
pub(crate) fn check_metric(name: &str) -> Result<(), Rejection> {
    let legal = |index: usize, byte: u8| {
        byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || index > 0 && byte.is_ascii_digit()
    };
    if name.is_empty() || !name.bytes().enumerate().all(|(index, byte)| legal(index, byte)) {
        return Err(Rejection::new(
            name,
            "a metric name has letters, digits and `_`, and does not begin with a digit",
        ));
    }
    Ok(())
}

/// A label name: `[a-zA-Z_][a-zA-Z0-9_]*`, not `__…`, which Prometheus keeps for itself.
pub(crate) fn check_label(name: &str) -> Result<(), Rejection> {
    if name.contains(':') || check_metric(name).is_err() {
        return Err(Rejection::new(
            name,
            "a label name has letters, digits and `_`, and does not begin with a digit",
        ));
    }
    if name.starts_with("__") {
        return Err(Rejection::new(name, "label names that begin with `__` are reserved"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for name in ["a", "_a", "a9", "a:b", "A_b"] {
            assert!(check_metric(name).is_ok(), "{name}");
        }
        for name in ["", "9a", "a-b", "a.b", "ä", "a b"] {
            assert!(check_metric(name).is_err(), "{name}");
            assert!(check_label(name).is_err(), "{name}");
        }
        assert!(check_label("a:b").is_err());
        assert!(check_label("__a").is_err());
        assert!(check_label("_a").is_ok());
    }
}
