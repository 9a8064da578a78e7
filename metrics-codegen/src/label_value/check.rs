//! The rules for label values.

use super::model::LabelEnum;
use crate::errors::Errors;

pub(super) fn check(cx: &Errors, model: &LabelEnum) {
    check_not_empty(cx, model);
    check_distinct(cx, model);
    check_one_other(cx, model);
    check_name(cx, model);
}

/// The label's name is one.
fn check_name(cx: &Errors, model: &LabelEnum) {
    let Some(written) = &model.written_name else { return };
    for finding in metrics_lint::label_name(&written.value()) {
        cx.error_on(written, finding.message);
    }
}

/// A string has one variant.
fn check_one_other(cx: &Errors, model: &LabelEnum) {
    for second in model.variants.iter().filter_map(|variant| variant.other.as_ref()).skip(1) {
        cx.error_on(second, "another variant catches all other strings already, remove one `other`");
    }
}

/// A label has a value.
fn check_not_empty(cx: &Errors, model: &LabelEnum) {
    if model.variants.is_empty() {
        cx.error_on(&model.ident, "an enum without variants has no label value: add one");
    }
}

/// Two values with one text would be one series.
fn check_distinct(cx: &Errors, model: &LabelEnum) {
    for (at, variant) in model.variants.iter().enumerate() {
        if let Some(other) = model.variants.iter().take(at).find(|other| other.text == variant.text) {
            let message = format!(
                "`{}` and `{}` have the same text `{}`: give one `#[label(rename = \"…\")]`",
                other.ident, variant.ident, variant.text
            );
            cx.error_at(variant.span, message);
        }
    }
}
