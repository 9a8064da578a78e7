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
