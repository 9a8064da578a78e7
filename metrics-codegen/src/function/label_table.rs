//! The labels of a function: each computed label once, although several metrics use it.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{ExprClosure, Signature, ext::IdentExt};

use super::{
    label::{LabelSource, Moment, WrittenLabel},
    types::{self, Fallibility, LabelType},
};
use crate::{attr::Text, errors::Errors, symbol::RESULT};

/// A label of a function's own family.
pub(crate) struct MetricLabel {
    pub(crate) name: Ident,
    pub(crate) value: LabelValue,
}

/// The value of a label.
pub(crate) enum LabelValue {
    Outcome,
    Constant(Text),
    /// A computed label of the function, by its index among those of its moment.
    Computed(Moment, usize),
}

/// A label that a call computes.
pub(crate) struct ComputedLabel {
    pub(crate) name: String,
    pub(crate) source: LabelSource,
    pub(crate) label_type: LabelType,
}

/// The computed labels of a function, each once although several metrics use it.
#[derive(Default)]
pub(crate) struct LabelTable {
    at_start: Vec<(String, ComputedLabel)>,
    at_end: Vec<(String, ComputedLabel)>,
}

impl LabelTable {
    /// Adds a label of a metric.
    pub(crate) fn place(&mut self, cx: &Errors, label: WrittenLabel, signature: &Signature) -> MetricLabel {
        let WrittenLabel { name, written_type, mut source } = label;
        if source.is_result() && !types::bindings(signature).iter().any(|binding| binding == RESULT) {
            source = LabelSource::Outcome;
        }
        let key = format!("{name}: {} = {}", written_type.to_token_stream(), source.to_token_stream());
        let label_type = match (&source, written_type) {
            (LabelSource::Outcome, _) => return MetricLabel { name, value: LabelValue::Outcome },
            (LabelSource::Constant(text), _) => {
                return MetricLabel { name, value: LabelValue::Constant(text.clone()) };
            }
            (_, Some(written)) => LabelType::Written(Box::new(written)),
            (
                LabelSource::Capped(..) | LabelSource::Returned(_, Some(_)) | LabelSource::Error(_, Some(_)),
                None,
            ) => LabelType::Text,
            (LabelSource::Argument(value), None) => types::of_argument(value, signature),
            (LabelSource::Returned(closure, None) | LabelSource::Error(closure, None), None) => {
                types::of_returned(cx, &name, closure, signature)
            }
        };
        if let LabelSource::Error(closure, _) = &source {
            check_can_fail(cx, closure, signature);
        }
        let moment = source.moment().unwrap_or(Moment::Start);
        let list = match moment {
            Moment::Start => &mut self.at_start,
            Moment::End => &mut self.at_end,
        };
        let index = list.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            list.push((key, ComputedLabel { name: name.unraw().to_string(), source, label_type }));
            list.len() - 1
        });
        MetricLabel { name, value: LabelValue::Computed(moment, index) }
    }

    /// Returns `true` where a label is computed at the end of a call.
    pub(crate) fn has_labels_at_end(&self) -> bool {
        !self.at_end.is_empty()
    }

    /// The number of labels at the start, and all labels, those first.
    pub(crate) fn ordered(self) -> (usize, Vec<ComputedLabel>) {
        let at_start = self.at_start.len();
        (at_start, self.at_start.into_iter().chain(self.at_end).map(|(_, label)| label).collect())
    }
}

/// Refuses `error(…)` on a function whose return type allows no error.
fn check_can_fail(cx: &Errors, closure: &ExprClosure, signature: &Signature) {
    match types::fallibility(signature) {
        Fallibility::Unknown => {}
        Fallibility::Infallible | Fallibility::Diverges => {
            let message = "`error(…)` needs a function that returns a `Result`; from any returned value a label is `|ret| …`";
            cx.error_on(&closure.body, message);
        }
    }
}
