//! The rules for the attributes of a function: errors, assertions about constants, and warnings.

use metrics_lint::{self as lint, Finding, Rule};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    kind::InstrumentKind,
    label::Moment,
    label_table::LabelValue,
    model::{AnnotatedFunction, BucketBounds, Family, Metric},
    objective::{Objective, ObjectiveValue},
};
use crate::{
    attr::Text,
    errors::Errors,
    former_name, names,
    span::{mixed_site, mixed_site_at},
    warning::{self, Warning},
};

/// Items that complete the check in the compiler.
pub(crate) struct DeferredChecks {
    /// Assertions about constants, whose values the macro cannot see.
    pub(crate) assertions: TokenStream,
    /// Items that make the compiler warn.
    pub(crate) warnings: TokenStream,
}

/// Checks a function and everything that its attributes ask for.
pub(crate) fn check(cx: &Errors, function: &AnnotatedFunction) -> DeferredChecks {
    check_not_const(cx, function);
    check_families_once(cx, function);
    for metric in &function.metrics {
        check_name(cx, metric);
        check_former_name(cx, metric);
        check_help(cx, metric);
        check_labels(cx, metric);
        check_in_flight(cx, metric);
    }
    check_objective(cx, function);
    DeferredChecks {
        assertions: function
            .metrics
            .iter()
            .map(|metric| assertions(function, metric))
            .chain(objective_assertion(function))
            .collect(),
        warnings: warning::items(function.metrics.iter().flat_map(warnings)),
    }
}

/// Refuses `const fn`: a call is recorded at run time, and a `const fn` may run while compiling.
fn check_not_const(cx: &Errors, function: &AnnotatedFunction) {
    if let Some(token) = &function.item.signature.constness {
        let attribute = function.metrics.first().map_or("the attribute", |metric| metric.attribute.written());
        let skip = if function.is_in_impl { ", or write `#[observed(skip)]` on it" } else { "" };
        let message = format!(
            "`{attribute}` cannot be on a `const fn`, which may run while compiling: remove `const`{skip}"
        );
        cx.error_on(token, message);
    }
}

/// Refuses a second metric of one family, which would count each call twice.
fn check_families_once(cx: &Errors, function: &AnnotatedFunction) {
    for (index, metric) in function.metrics.iter().enumerate() {
        for other in function.metrics.iter().take(index) {
            match (&metric.family, &other.family) {
                (Family::Shared, Family::Shared) if metric.kind == other.kind => {
                    let message =
                        "this function is already in that family: remove one attribute, or give it a `name`";
                    cx.error_at(metric.span, message);
                }
                (Family::Own { name, .. }, Family::Own { name: first, .. })
                    if name.shown() == first.shown() =>
                {
                    let message = format!(
                        "`{}` is already a metric of this function: remove one attribute, or give it another `name`",
                        name.shown()
                    );
                    cx.error_on(name, message);
                }
                (Family::Shared | Family::Own { .. }, Family::Shared | Family::Own { .. }) => {}
            }
        }
    }
}

/// Checks a name by Prometheus' grammar and promtool's rules.
fn check_name(cx: &Errors, metric: &Metric) {
    let Family::Own { name, .. } = &metric.family else { return };
    // A `const` assertion checks a constant.
    let Some(text) = name.literal() else { return };
    let mut findings = lint::metric_name(&text, metric.kind.metric_type());
    if metric.kind == InstrumentKind::Duration && findings.iter().all(|finding| !finding.rule.is_empty()) {
        let unit_rules = [Rule::BaseUnit, Rule::AbbreviatedUnit, Rule::SecondsSuffix].map(Rule::name);
        let is_reported = findings.iter().any(|finding| unit_rules.contains(&finding.rule));
        findings.extend(lint::seconds(&text).filter(|_| !is_reported));
    }
    for finding in findings {
        report(cx, metric, name.span(), &finding);
    }
}

fn check_former_name(cx: &Errors, metric: &Metric) {
    if let (Some(former), Family::Own { name, .. }) = (&metric.renamed_from, &metric.family) {
        former_name::check(cx, former, &name.literal().unwrap_or_default());
    }
}

/// Requires a help text.
fn check_help(cx: &Errors, metric: &Metric) {
    let Family::Own { help, .. } = &metric.family else { return };
    if let Some(finding) = help.literal().as_deref().and_then(lint::help) {
        report(cx, metric, help.span(), &finding);
    }
}

/// Requires legal label names, each once.
fn check_labels(cx: &Errors, metric: &Metric) {
    let Family::Own { labels, .. } = &metric.family else { return };
    for (index, label) in labels.iter().enumerate() {
        let name = label.name.unraw().to_string();
        if labels.iter().take(index).any(|other| other.name.unraw() == name) {
            cx.error_on(&label.name, format!("the label `{name}` is given twice, remove one"));
        }
        for finding in lint::label_name(&name) {
            report(cx, metric, label.name.span(), &finding);
        }
    }
}

/// Refuses labels of the call's end on a gauge of calls in flight.
fn check_in_flight(cx: &Errors, metric: &Metric) {
    let (InstrumentKind::InFlight, Family::Own { labels, .. }) = (metric.kind, &metric.family) else {
        return;
    };
    for label in labels {
        match label.value {
            LabelValue::Outcome | LabelValue::Computed(Moment::End, _) => {
                let message = "a call that is in flight has not returned, so this label has no value in `#[in_flight]`: remove it";
                cx.error_on(&label.name, message);
            }
            LabelValue::Constant(_) | LabelValue::Computed(Moment::Start, _) => {}
        }
    }
}

/// Requires that the function's own metrics can judge its objective, and its latency exactly.
fn check_objective(cx: &Errors, function: &AnnotatedFunction) {
    let Some(objective) = &function.objective else { return };
    if function.success_metric().is_none() {
        let message =
            "an objective needs the calls by `result`: add `#[counted]`, or `labels(result)` without `only`";
        cx.error_on(&objective.key, message);
    }
    let Some(latency) = objective.visible_latency() else { return };
    if function.latency_metric().is_some() {
        return;
    }
    let timed = function.metrics.iter().find(|metric| metric.kind == InstrumentKind::Duration);
    let message = timed.map_or_else(
        || "a latency needs a histogram on the same function: add `#[timed]`".to_owned(),
        |metric| {
            let bounds = metric.visible_bounds().unwrap_or_default();
            let bounds = bounds.iter().map(|bound| format!("{bound}s")).collect::<Vec<_>>();
            let bounds = names::listed(bounds.iter().map(String::as_str));
            format!("`{}` is not a bucket of this function's histogram, which has {bounds}", latency.written)
        },
    );
    cx.error_on(&latency.literal, message);
}

fn report(cx: &Errors, metric: &Metric, span: Span, finding: &Finding) {
    let Finding { rule, message } = finding;
    if rule.is_empty() {
        cx.error_at(span, message);
    } else if !metric.allowed.contains(rule) {
        cx.error_at(span, format!("{message} (or opt out: `allow = {rule}`)"));
    }
}

/// Assertions about the constants that a metric's attribute names, each on the word that names it.
fn assertions(function: &AnnotatedFunction, metric: &Metric) -> TokenStream {
    let (name, help) = match &metric.family {
        Family::Shared => (None, None),
        Family::Own { name, help, .. } => {
            (name_assertion(function, metric, name), help_assertion(function, metric, help))
        }
    };
    let buckets = bucket_assertion(function, metric);
    quote!(#name #help #buckets)
}

fn name_assertion(function: &AnnotatedFunction, metric: &Metric, name: &Text) -> Option<TokenStream> {
    let Text::Constant(name) = name else { return None };
    let (span, krate) = (mixed_site_at(name), &function.krate);
    let (kind, allowed) = (Ident::new(metric.kind.variant(), mixed_site()), &metric.allowed);
    let arguments = quote!(#name, #krate::__private::InstrumentKind::#kind, &[#(#allowed),*]);
    Some(assertion(function, span, "assert_metric", &arguments))
}

fn help_assertion(function: &AnnotatedFunction, metric: &Metric, help: &Text) -> Option<TokenStream> {
    let Text::Constant(help) = help else { return None };
    let may_lack = metric.allowed.contains(&Rule::NoHelp.name());
    (!may_lack).then(|| assertion(function, mixed_site_at(help), "assert_help", help))
}

/// Asserts that the bounds are right, and that the latency of the objective is one of them.
fn bucket_assertion(function: &AnnotatedFunction, metric: &Metric) -> Option<TokenStream> {
    let Some(BucketBounds::Constant(path)) = &metric.buckets else { return None };
    let span = mixed_site_at(path);
    let bounds = assertion(function, span, "assert_buckets", &quote_spanned!(span=> &#path));
    let latency = function.objective.as_ref().and_then(Objective::visible_latency);
    let latency = latency.filter(|latency| metric.may_have_bound(latency.seconds)).map(|latency| {
        let seconds = Literal::f64_suffixed(latency.seconds);
        let span = mixed_site_at(&latency.literal);
        assertion(function, span, "assert_latency", &quote_spanned!(span=> &#path, #seconds))
    });
    Some(quote!(#bounds #latency))
}

/// Asserts that a histogram of the function can judge an objective that is a constant.
fn objective_assertion(function: &AnnotatedFunction) -> Option<TokenStream> {
    let ObjectiveValue::Constant(path) = &function.objective.as_ref()?.value else { return None };
    let span = mixed_site_at(path);
    let histogram = function.metrics.iter().find(|metric| metric.times_successes());
    let bounds = match histogram.map(|metric| (metric, &metric.buckets)) {
        None => quote_spanned!(span=> ::core::option::Option::None),
        Some((metric, None)) if metric.visible_bounds().is_none() => return None,
        Some((_, Some(BucketBounds::Constant(bounds)))) => {
            quote_spanned!(span=> ::core::option::Option::Some(&#bounds))
        }
        Some((metric, _)) => {
            let bounds = metric.visible_bounds().unwrap_or_default();
            let bounds = bounds.iter().map(|bound| Literal::f64_suffixed(*bound));
            quote_spanned!(span=> ::core::option::Option::Some(&[#(#bounds),*]))
        }
    };
    Some(assertion(function, span, "assert_objective", &quote_spanned!(span=> &#path, #bounds)))
}

/// An assertion that the compiler evaluates; its error stands at the span.
pub(crate) fn assertion(
    function: &AnnotatedFunction,
    span: Span,
    assertion: &str,
    arguments: &impl ToTokens,
) -> TokenStream {
    let (krate, assertion) = (&function.krate, Ident::new(assertion, span));
    let call = quote_spanned!(span=> #krate::__private::#assertion(#arguments));
    // The compiler puts the error where the first word of the call is.
    let call: TokenStream = call
        .into_iter()
        .map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        })
        .collect();
    quote_spanned!(span=> const _: () = #call;)
}

/// Warnings about names that are legal and mostly a mistake.
fn warnings(metric: &Metric) -> Vec<Warning> {
    let Family::Own { name, labels, .. } = &metric.family else { return Vec::new() };
    let text = name.literal().unwrap_or_default();
    let on_name = lint::advice_on_name(&text).into_iter().map(|finding| (name.span(), finding));
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
