//! The rules for the attributes of a function.

use metrics_lint::{self as lint, Finding, Rule};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    model::{Family, Kind, LabelValue, Metric, Site},
    objective::{self, Objective},
};
use crate::{ctxt::Ctxt, names};

/// Checks a function and everything asked of it.
pub(crate) fn check(cx: &Ctxt, site: &Site) {
    check_not_const(cx, site);
    check_families_once(cx, site);
    for metric in &site.metrics {
        check_name(cx, metric);
        check_help(cx, metric);
        check_labels(cx, metric);
        check_in_flight(cx, metric);
    }
    check_objective(cx, site);
}

/// A call is recorded at run time, and `const fn` may run while compiling.
fn check_not_const(cx: &Ctxt, site: &Site) {
    if let Some(token) = &site.item.signature.constness {
        let what = site.metrics.first().map_or("the attribute", |metric| metric.attribute.written());
        let skip = if site.in_impl { ", or write `#[observed(skip)]` on it" } else { "" };
        let message = format!(
            "`{what}` cannot be on a `const fn`, which may run while compiling: remove `const`{skip}"
        );
        cx.error_on(token, message);
    }
}

/// One function gives each family once; a second time would count each call twice.
fn check_families_once(cx: &Ctxt, site: &Site) {
    for (at, metric) in site.metrics.iter().enumerate() {
        for other in site.metrics.iter().take(at) {
            match (&metric.family, &other.family) {
                (Family::Default, Family::Default) if metric.kind == other.kind => {
                    let message =
                        "this function is already in that family: remove one attribute, or give it a `name`";
                    cx.error_at(metric.span, message);
                }
                (Family::Own { name, .. }, Family::Own { name: first, .. })
                    if name.shown() == first.shown() =>
                {
                    cx.error_on(name, format!("`{}` is already a metric of this function", name.shown()));
                }
                _ => {}
            }
        }
    }
}

/// Prometheus' grammar and promtool's rules.
fn check_name(cx: &Ctxt, metric: &Metric) {
    let Family::Own { name, .. } = &metric.family else { return };
    // What a constant is, a `const` assertion checks.
    let Some(text) = name.literal() else { return };
    let kind = metric.kind.of_name();
    let mut findings = lint::metric_name(&text, kind);
    if metric.kind == Kind::Duration && findings.iter().all(|finding| !finding.rule.is_empty()) {
        let says_unit = [Rule::BaseUnit, Rule::AbbreviatedUnit, Rule::SecondsSuffix].map(Rule::name);
        let unit_is_said = findings.iter().any(|finding| says_unit.contains(&finding.rule));
        findings.extend(lint::seconds(&text).filter(|_| !unit_is_said));
    }
    for finding in findings {
        report(cx, metric, name.span(), &finding);
    }
}

/// Every metric says what it measures.
fn check_help(cx: &Ctxt, metric: &Metric) {
    let Family::Own { help, .. } = &metric.family else { return };
    if let Some(finding) = help.literal().as_deref().and_then(lint::help) {
        report(cx, metric, help.span(), &finding);
    }
}

/// Label names are legal and occur once.
fn check_labels(cx: &Ctxt, metric: &Metric) {
    let Family::Own { labels, .. } = &metric.family else { return };
    for (at, label) in labels.iter().enumerate() {
        let name = label.name.unraw().to_string();
        if labels.iter().take(at).any(|other| other.name.unraw() == name) {
            cx.error_on(&label.name, format!("the label `{name}` is given twice, remove one"));
        }
        for finding in lint::label_name(&name) {
            report(cx, metric, label.name.span(), &finding);
        }
    }
}

/// A call that is under way has no ending and has returned nothing.
fn check_in_flight(cx: &Ctxt, metric: &Metric) {
    let (Kind::InFlight, Family::Own { labels, .. }) = (metric.kind, &metric.family) else { return };
    for label in labels {
        if matches!(label.value, LabelValue::Ending | LabelValue::Returned(_)) {
            let message =
                "a call that is in flight has not returned, so this label has no value in `#[in_flight]`";
            cx.error_on(&label.name, message);
        }
    }
}

/// An objective can be judged by the function's own metrics, its latency exactly.
fn check_objective(cx: &Ctxt, site: &Site) {
    let Some(objective) = &site.objective else { return };
    if Objective::successes(&site.metrics).is_none() {
        let message =
            "an objective needs the calls by `result`: add `#[counted]`, or `labels(result)` without `only`";
        cx.error_on(&objective.key, message);
    }
    let Some(latency) = &objective.latency else { return };
    if objective.latencies(&site.metrics).is_some() {
        return;
    }
    let timed = site.metrics.iter().find(|metric| metric.kind == Kind::Duration);
    let message = timed.map_or_else(
        || "a latency needs a histogram on the same function: add `#[timed]`".to_owned(),
        |metric| {
            let bounds = objective::bounds(metric).unwrap_or_default();
            let bounds = bounds.iter().map(|bound| format!("{bound}s")).collect::<Vec<_>>();
            let bounds = names::listed(bounds.iter().map(String::as_str));
            format!("`{}` is not a bucket of this function's histogram, which has {bounds}", latency.written)
        },
    );
    cx.error_on(&latency.literal, message);
}

fn report(cx: &Ctxt, metric: &Metric, span: proc_macro2::Span, finding: &Finding) {
    let Finding { rule, message } = finding;
    if rule.is_empty() {
        cx.error_at(span, message);
    } else if !metric.allowed.contains(rule) {
        cx.error_at(span, format!("{message} (or opt out: `allow = {rule}`)"));
    }
}
