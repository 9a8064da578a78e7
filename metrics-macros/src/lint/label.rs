//! The names of labels.

use super::{Finding, Rule, grammar::grammar, style::camel_case_of};

/// Why a label's name is not free, where it is not.
pub(crate) const fn reserved_label(label: &str) -> Option<&'static str> {
    match label.as_bytes() {
        b"le" => Some("`le` is the bucket label of histograms, so call this label something else"),
        b"quantile" => Some("`quantile` is the label of summaries, so call this label something else"),
        [b'_', b'_', ..] => Some("labels that start with `__` belong to Prometheus"),
        [b'_', ..] => Some("OpenMetrics reserves labels that start with `_`"),
        _ => None,
    }
}

/// What is wrong with a label's name.
pub(crate) fn label_name(label: &str) -> Vec<Finding> {
    if let Some(finding) = grammar(label, "label", false) {
        return vec![finding];
    }
    let Some(why) = reserved_label(label) else {
        return camel_case_of(label, "label").into_iter().collect();
    };
    let better = label.trim_start_matches('_');
    let message = if better == label || better.is_empty() {
        why.to_owned()
    } else {
        format!("{why}, so write `{better}`")
    };
    vec![Finding::new(Rule::Grammar, message)]
}
