//! The rules for label sets.

use super::model::Labels;
use crate::errors::Errors;

pub(super) fn check(cx: &Errors, model: &Labels) {
    check_not_empty(cx, model);
    check_names(cx, model);
    check_distinct(cx, model);
}

/// The set without labels has a type already.
fn check_not_empty(cx: &Errors, model: &Labels) {
    if model.fields.is_empty() {
        cx.error_on(&model.ident, "a struct without fields has no labels; `()` is the set without labels");
    }
}

/// The grammar, and the names that Prometheus keeps for itself.
fn check_names(cx: &Errors, model: &Labels) {
    for label in model.fields.iter().filter(|label| !label.flatten) {
        for finding in metrics_lint::label_name(&label.name) {
            cx.error_at(label.span, finding.message);
        }
    }
}

/// Labels are told apart by their names.
fn check_distinct(cx: &Errors, model: &Labels) {
    let labels = || model.fields.iter().filter(|label| !label.flatten);
    for (at, label) in labels().enumerate() {
        if labels().take(at).any(|other| other.name == label.name) {
            cx.error_at(label.span, format!("the label `{}` is there twice, rename one", label.name));
        }
    }
}
