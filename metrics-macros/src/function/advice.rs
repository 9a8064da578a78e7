//! What is legal in an attribute and mostly a mistake.

use metrics_lint::{self as lint, Finding, Rule};
use proc_macro2::TokenStream;
use syn::{ext::IdentExt, spanned::Spanned};

use super::model::{Family, LabelValue, Metric, Site};
use crate::warning::{self, Warning};

/// The items that make the compiler warn.
pub(super) fn warnings(site: &Site) -> TokenStream {
    warning::items(site.metrics.iter().flat_map(of_metric))
}

fn of_metric(metric: &Metric) -> Vec<Warning> {
    let Family::Own { name, labels, .. } = &metric.family else { return Vec::new() };
    let text = name.literal().unwrap_or_default();
    let on_word = name.span();
    let on_name = lint::advice_on_name(&text).into_iter().map(|finding| (on_word, finding));
    let on_labels = labels.iter().flat_map(|label| {
        let label_name = label.name.unraw().to_string();
        let mut findings = lint::advice_on_label(&label_name, matches!(label.value, LabelValue::Constant(_)));
        if lint::is_in_name(&text, &label_name) {
            findings.push(Finding::new(Rule::LabelInName, lint::in_name(&label_name)));
        }
        findings.into_iter().map(|finding| (label.name.span(), finding))
    });
    on_name
        .chain(on_labels)
        .filter(|(_, finding)| !metric.allowed.contains(&finding.rule))
        .map(|(span, finding)| Warning { span, finding })
        .collect()
}
