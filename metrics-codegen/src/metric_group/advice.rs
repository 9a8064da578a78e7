//! Warnings about groups that are legal and mostly a mistake.

use metrics_lint::{self as lint, Finding, Rule};
use proc_macro2::Span;
use syn::ext::IdentExt;

use super::{
    model::{Group, Metric},
    parse::ConstantLabel,
};
use crate::warning::Warning;

/// Warnings about a group without errors.
pub(super) fn advice(group: &Group) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if group.global && group.prefix().is_none() && !group.allowed.contains(&Rule::NoNamespace.name()) {
        warnings.push(Warning { span: group.ident.span(), finding: lint::no_namespace() });
    }
    let here = |rule: &str| group.allowed.contains(&rule);
    warnings.extend(group.labels.iter().flat_map(|label| of_label(label, "", here)));
    for (name, metric) in group.metrics() {
        let allowed = |rule: &str| group.allows(metric, rule);
        if metric.name_path.is_none() {
            warnings.extend(of_name(&name, metric, allowed));
        }
        warnings.extend(metric.labels.iter().flat_map(|label| of_label(label, &name, allowed)));
    }
    warnings
}

fn of_name(name: &str, metric: &Metric, allowed: impl Fn(&str) -> bool) -> Vec<Warning> {
    kept(metric.name_span, lint::advice_on_name(name), allowed)
}

fn of_label(label: &ConstantLabel, metric: &str, allowed: impl Fn(&str) -> bool) -> Vec<Warning> {
    let name = label.name.unraw().to_string();
    let mut findings = lint::advice_on_label(&name, label.value.is_some());
    if lint::is_in_name(metric, &name) {
        let message = format!("`{name}` is part of the metric's name already: remove it from one of them");
        findings.push(Finding::new(Rule::LabelInName, message));
    }
    kept(label.name.span(), findings, allowed)
}

fn kept(span: Span, findings: Vec<Finding>, allowed: impl Fn(&str) -> bool) -> Vec<Warning> {
    findings
        .into_iter()
        .filter(|finding| !allowed(finding.rule))
        .map(|finding| Warning { span, finding })
        .collect()
}
