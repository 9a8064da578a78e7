//! Names of labels.

use crate::{finding::Finding, grammar::grammar, rule::Rule, style::check_snake_case};

/// Returns the reason for which a label's name is reserved, or `None`.
#[must_use]
pub const fn reserved_label(label: &str) -> Option<&'static str> {
    match label.as_bytes() {
        b"le" => Some("`le` is the bucket label of histograms, so call this label something else"),
        b"quantile" => Some("`quantile` is the label of summaries, so call this label something else"),
        [b'_', b'_', ..] => Some("labels that start with `__` belong to Prometheus"),
        [b'_', ..] => Some("OpenMetrics reserves labels that start with `_`"),
        _ => None,
    }
}

/// Checks a label's name.
pub fn label_name(label: &str) -> Vec<Finding> {
    if let Some(finding) = grammar(label, "label", false) {
        return vec![finding];
    }
    let Some(reason) = reserved_label(label) else {
        return check_snake_case(label, "label").into_iter().collect();
    };
    let better = label.trim_start_matches('_');
    let message = if better == label || better.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason}, so write `{better}`")
    };
    vec![Finding::new(Rule::Grammar, message)]
}
