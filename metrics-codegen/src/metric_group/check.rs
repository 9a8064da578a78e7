//! The rules for groups.

use metrics_lint::{self as lint, Finding, MetricType, Rule};
use proc_macro2::Span;
use syn::{Expr, LitStr, ext::IdentExt};

use super::{
    kind,
    model::{Content, Field, Group, Metric},
    one_family,
};
use crate::{errors::Errors, former_name, native::Native};

/// Checks a group and its metrics.
pub(super) fn check(cx: &Errors, group: &Group) {
    check_parts(cx, group);
    for (name, metric) in group.metrics() {
        check_name(cx, group, &name, metric);
        check_former_name(cx, &name, metric);
        check_unit(cx, group, &name, metric);
        check_labels(cx, group, metric);
        check_buckets(cx, metric);
        if let Some((_, buckets)) = &metric.buckets
            && let Some(finding) = lint::ratio_range(&name, buckets.bounds())
        {
            report(cx, group, metric, metric.name_span, &finding);
        }
        if let Some(finding) = lint::help(&metric.help) {
            report(cx, group, metric, metric.help_span, &finding);
        }
    }
    check_group_labels(cx, group);
    for field in &group.fields {
        match &field.content {
            Content::Metric(metric) => check_type(cx, field, metric),
            Content::Nested(nested) => check_when(cx, field, nested.when.as_ref(), "group"),
            Content::Skipped | Content::Broken => {}
        }
    }
    check_clashes(cx, group);
}

/// Checks the arguments against the type.
fn check_type(cx: &Errors, field: &Field, metric: &Metric) {
    let varying = metric.labels.iter().find(|label| label.value.is_none());
    match (varying, kind::names_labels(&field.kind)) {
        (Some(label), false) => cx.error_on(
            &label.name,
            format!("`{0}` has no value: write `{0} = \"…\"`; labels that vary make a `Family`", label.name),
        ),
        (None, true) => {
            cx.error_on(&field.kind, "name the labels of this type: `#[metric(labels(method, status))]`");
        }
        (Some(_), true) | (None, false) => {}
    }
    check_when(cx, field, metric.when.as_ref(), "metric");
    check_quantiles(cx, metric);
    if let (Some((first, _)), Some((key, _))) = (&metric.buckets, &metric.buckets_path) {
        cx.error_on(key, format!("the buckets are given twice, keep this or `{first}`"));
    }
}

/// An `Option` says when it is there, and nothing else does.
fn check_when(cx: &Errors, field: &Field, when: Option<&Expr>, what: &str) {
    match (when, kind::is_option(&field.kind)) {
        (None, true) => cx.error_on(
            &field.kind,
            format!("say when this {what} is there: `#[metric(when = cfg!(unix))]`, or any other condition"),
        ),
        (Some(when), false) => {
            cx.error_on(when, format!("a {what} that is there under a condition is an `Option`"));
        }
        _ => {}
    }
}

/// Only summaries have quantiles, and a window is theirs.
fn check_quantiles(cx: &Errors, metric: &Metric) {
    let (quantiles, window) = (&metric.quantiles, &metric.window);
    for key in quantiles.iter().map(|(key, _)| key).chain(window.iter().map(|(key, _)| key)) {
        if !matches!(metric.kind, MetricType::Summary | MetricType::Unknown) {
            cx.error_on(key, format!("only a `Summary` has quantiles: remove `{key}`"));
        }
    }
    if let (None, Some((key, _))) = (quantiles, window) {
        cx.error_on(key, "a window is that of quantiles: add `quantiles(0.5, 0.9, 0.99)`");
    }
}

/// The group's constant labels are legal, and no metric has them again.
fn check_group_labels(cx: &Errors, group: &Group) {
    for (at, label) in group.labels.iter().enumerate() {
        let name = label.name.unraw().to_string();
        for finding in lint::label_name(&name) {
            cx.error_on(&label.name, finding.message);
        }
        if label.value.is_none() {
            cx.error_on(&label.name, format!("`{name}` has no value: write `{name} = \"…\"`"));
        }
        if group.labels.iter().take(at).any(|other| other.name.unraw() == name) {
            cx.error_on(&label.name, format!("the label `{name}` is given twice, remove one"));
        }
        for (_, metric) in group.metrics() {
            for own in metric.labels.iter().filter(|own| own.name.unraw() == name) {
                cx.error_on(&own.name, format!("the group has the label `{name}` already, remove one"));
            }
        }
    }
}

/// Namespaces and subsystems are parts of names.
fn check_parts(cx: &Errors, group: &Group) {
    let nested = group.fields.iter().filter_map(|field| match &field.content {
        Content::Nested(nested) => nested.part.as_ref().map(|part| ("nested", part)),
        Content::Metric(_) | Content::Skipped | Content::Broken => None,
    });
    let parts = [("namespace", &group.namespace), ("subsystem", &group.subsystem)];
    let parts = parts.into_iter().filter_map(|(what, part)| part.as_ref().map(|part| (what, part)));
    for (what, part) in parts.chain(nested) {
        if let Some(finding) = lint::name_part(&part.value(), what) {
            cx.error_on(part, finding.message);
        }
    }
}

/// Prometheus' grammar and promtool's rules, for the full name as far as this group knows it.
fn check_name(cx: &Errors, group: &Group, name: &str, metric: &Metric) {
    // What a constant is, a `const` assertion checks.
    if metric.name_path.is_some() {
        return;
    }
    // A namespace that is no name has its own error.
    let name = if lint::name_part(name, "metric").is_some() { &metric.name } else { name };
    for finding in lint::metric_name(name, metric.kind) {
        report(cx, group, metric, metric.name_span, &finding);
    }
}

/// A former name is a legal one. That a state set has none is told at registration, as its type may have another name.
fn check_former_name(cx: &Errors, name: &str, metric: &Metric) {
    let Some(former) = &metric.renamed_from else { return };
    former_name::check(cx, former, if metric.name_path.is_some() { "" } else { name });
}

/// A unit is the end of the name.
fn check_unit(cx: &Errors, group: &Group, name: &str, metric: &Metric) {
    let (Some(unit), None) = (&metric.unit, &metric.name_path) else { return };
    let finding = lint::name_part(&unit.value(), "unit").or_else(|| lint::unit(name, &unit.value()));
    if let Some(finding) = finding {
        report(cx, group, metric, LitStr::span(unit), &finding);
    }
}

/// Constant labels are legal and occur once.
fn check_labels(cx: &Errors, group: &Group, metric: &Metric) {
    for (at, label) in metric.labels.iter().enumerate() {
        let name = label.name.unraw().to_string();
        if metric.labels.iter().take(at).any(|other| other.name.unraw() == name) {
            cx.error_on(&label.name, format!("the label `{name}` is given twice, remove one"));
        }
        for finding in lint::label_name(&name) {
            report(cx, group, metric, label.name.span(), &finding);
        }
    }
}

/// Only histograms have buckets.
fn check_buckets(cx: &Errors, metric: &Metric) {
    let path = metric.buckets_path.as_ref().map(|(key, _)| key);
    let classic = metric.buckets.as_ref().map(|(key, _)| key).or(path);
    if let (Some((_, Native::Only)), Some(key)) = (&metric.native, classic) {
        cx.error_on(key, format!("`native(only)` has no other buckets: write `native`, or remove `{key}`"));
    }
    let what = match metric.kind {
        MetricType::Counter => "counter",
        MetricType::Gauge => "gauge",
        MetricType::Summary => "summary",
        MetricType::Info => "info metric",
        MetricType::Histogram | MetricType::Unknown => return,
    };
    if let Some(key) = classic.or(metric.native.as_ref().map(|(key, _)| key)) {
        cx.error_on(key, format!("a {what} has no buckets: remove `{key}`, or make the field a `Histogram`"));
    }
}

/// No two metrics give the same series.
fn check_clashes(cx: &Errors, group: &Group) {
    let metrics: Vec<(String, &Metric)> =
        group.metrics().filter(|(_, metric)| metric.name_path.is_none()).collect();
    let names: Vec<(&str, MetricType)> =
        metrics.iter().map(|(name, metric)| (name.as_str(), metric.kind)).collect();
    for (at, before, finding) in lint::clashes(&names) {
        let (Some((name, metric)), Some((_, other))) = (metrics.get(at), metrics.get(before)) else {
            continue;
        };
        if finding.rule == Rule::DuplicateName.name() && one_family::may_be_told_apart(metric, other) {
            one_family::check_buckets(cx, name, metric, other);
        } else {
            report(cx, group, metric, metric.name_span, &finding);
        }
    }
}

fn report(cx: &Errors, group: &Group, metric: &Metric, span: Span, finding: &Finding) {
    let Finding { rule, message } = finding;
    if rule.is_empty() {
        cx.error_at(span, message);
    } else if !group.allows(metric, rule) {
        cx.error_at(span, format!("{message} (or opt out: `allow({rule})`)"));
    }
}
