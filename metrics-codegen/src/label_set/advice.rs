//! Warnings about label sets that are legal and mostly a mistake.

use super::model::Labels;
use crate::warning::Warning;

/// Warnings about a label set without errors.
pub(super) fn advice(model: &Labels) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for label in model.fields.iter().filter(|label| !label.flatten) {
        let advice = metrics_lint::advice_on_label(&label.name, false);
        let kept = advice.into_iter().filter(|finding| {
            !label.allowed.contains(&finding.rule) && !model.allowed.contains(&finding.rule)
        });
        warnings.extend(kept.map(|finding| Warning { span: label.span, finding }));
    }
    warnings
}
