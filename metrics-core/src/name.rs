//! Checks of names at registration, by the rules that hold at compile time too.

use std::fmt;

use metrics_lint as lint;

/// Reason for which a definition is refused: a part of it, and the rule that the part breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDefinition {
    pub(crate) part: String,
    pub(crate) reason: &'static str,
}

impl InvalidDefinition {
    pub(crate) fn new(part: impl Into<String>, reason: &'static str) -> Self {
        Self { part: part.into(), reason }
    }
}

impl fmt::Display for InvalidDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.part, self.reason)
    }
}

/// Checks a constant help text at compile time.
///
/// # Panics
///
/// Panics if it is empty; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_help(help: &str) {
    assert!(!help.trim_ascii().is_empty(), "the help text is empty, so say what is measured");
}

/// Checks constant bucket bounds at compile time.
///
/// # Panics
///
/// Panics if they are not finite and increasing, or if there are none or too many; in a constant, that is a compile error.
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

/// Checks a metric name: `[a-zA-Z:][a-zA-Z0-9_:]*`. `OpenMetrics` reserves names that begin with `_`.
///
/// <https://prometheus.io/docs/specs/om/open_metrics_spec/#metric-naming-and-namespaces>
pub(crate) fn check_metric(name: &str) -> Result<(), InvalidDefinition> {
    if !is_metric(name) {
        let reason = "a metric name has letters, digits and `_`, and does not begin with a digit";
        return Err(InvalidDefinition::new(name, reason));
    }
    if name.starts_with('_') {
        return Err(InvalidDefinition::new(name, "OpenMetrics reserves metric names that start with `_`"));
    }
    Ok(())
}

/// Returns whether a scraper accepts a metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
pub(crate) const fn is_metric(name: &str) -> bool {
    lint::is_legal(name, true)
}

/// Returns whether a scraper accepts and keeps a label name: `[a-zA-Z_][a-zA-Z0-9_]*`, without `__` at its start.
///
/// <https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels>
pub(crate) fn is_label(name: &str) -> bool {
    lint::is_legal(name, false) && !name.starts_with("__")
}

/// Checks a label name: `[a-zA-Z_][a-zA-Z0-9_]*`, and none that Prometheus or `OpenMetrics` reserves.
pub(crate) fn check_label(name: &str) -> Result<(), InvalidDefinition> {
    if !lint::is_legal(name, false) {
        let reason = "a label name has letters, digits and `_`, and does not begin with a digit";
        return Err(InvalidDefinition::new(name, reason));
    }
    lint::reserved_label(name).map_or(Ok(()), |reason| Err(InvalidDefinition::new(name, reason)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for name in ["a", "a_", "a9", "a:b", "A_b"] {
            assert!(check_metric(name).is_ok(), "{name}");
        }
        for name in ["", "9a", "a-b", "a.b", "ä", "a b"] {
            assert!(check_metric(name).is_err(), "{name}");
            assert!(check_label(name).is_err(), "{name}");
        }
        assert!(check_metric("_a").is_err() && is_metric("_a"));
        assert!(check_label("a:b").is_err());
        for reserved in ["__a", "_a", "le", "quantile"] {
            assert!(check_label(reserved).is_err(), "{reserved}");
        }
        assert!(is_label("_a") && is_label("le") && !is_label("__a") && !is_label("a:b") && !is_label(""));
        assert!(check_label("a").is_ok());
    }
}
