//! The declaration of a function's metrics: the static for the runtime, and the list in the function's documentation.

use std::fmt::Write as _;

use metrics_lint::Rule;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    check::{self, DeferredChecks},
    kind::{Attribute, InstrumentKind},
    label_code,
    label_table::{LabelValue, MetricLabel},
    model::{AnnotatedFunction, BucketBounds, Family, Metric},
};
use crate::{
    attr::Text,
    span::{mixed_site, mixed_site_at},
    warning,
};

/// The static of the call site and its entry in the link-time list.
pub(crate) fn call_site(function: &AnnotatedFunction, checks: &DeferredChecks) -> TokenStream {
    let AnnotatedFunction { krate, name, .. } = function;
    let site = &function.idents.site;
    let (label_constant, labels) = labels(function);
    let instruments = instruments(function);
    let registry = function.registry.as_ref().map(
        |registry| quote_spanned!(mixed_site_at(registry)=> registry: ::core::option::Option::Some(|| &#registry),),
    );
    let is_named = function.is_named.then(|| quote_spanned!(mixed_site()=> is_named: true,));
    // Clippy minds a base that gives nothing.
    let rest = (labels.is_none() || registry.is_none() || is_named.is_none())
        .then(|| quote_spanned!(mixed_site()=> ..#krate::__private::SiteDeclaration::PLAIN));
    let DeferredChecks { assertions, warnings } = checks;
    quote_spanned! {mixed_site()=>
        #assertions
        #label_constant
        static #site: #krate::__private::CallSite =
            #krate::__private::CallSite::new(&#krate::__private::SiteDeclaration {
                function: #name,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                #labels
                instruments: #instruments,
                #registry
                #is_named
                #rest
            });
        #krate::__private::submit_site!(&#site);
        #warnings
    }
}

/// The labels that a call computes, where there are any: a constant with the checks of it, and the fields that name it.
fn labels(function: &AnnotatedFunction) -> (Option<TokenStream>, Option<TokenStream>) {
    if function.labels.is_empty() {
        return (None, None);
    }
    let (krate, constant) = (&function.krate, &function.idents.dimensions);
    let at_start = Literal::usize_unsuffixed(function.labels_at_start);
    let labels = function.labels.iter().map(|label| label_code::in_static(function, label));
    let checks = function.metrics.iter().map(|metric| series_checks(function, metric));
    let declaration = quote_spanned! {mixed_site()=>
        const #constant: &[::core::option::Option<#krate::__private::Dimension>] = &[#(#labels),*];
        #(#checks)*
    };
    let fields = quote_spanned!(mixed_site()=> dimensions: #constant, arguments: #at_start,);
    (Some(declaration), Some(fields))
}

/// Checks of the number of series, which the compiler knows from the types of the labels.
fn series_checks(function: &AnnotatedFunction, metric: &Metric) -> Option<TokenStream> {
    let Family::Own { name, labels, .. } = &metric.family else { return None };
    let computed = labels.iter().filter_map(|label| match label.value {
        LabelValue::Computed(moment, index) => {
            Some(Literal::usize_unsuffixed(function.label_index(moment, index)))
        }
        LabelValue::Outcome | LabelValue::Constant(_) => None,
    });
    let indices: Vec<_> = computed.collect();
    if indices.is_empty() {
        return None;
    }
    let has_outcome = labels.iter().any(|label| matches!(label.value, LabelValue::Outcome));
    let allows = |rule: Rule| metric.allowed.contains(&rule.name());
    let is_allowed = allows(Rule::LabelProduct);
    let (krate, constant, span) = (&function.krate, &function.idents.dimensions, mixed_site_at(name));
    let warning = (!is_allowed && !allows(Rule::ManySeries)).then(|| {
        let found = quote_spanned! {span=>
            #krate::__private::makes_many_series(#constant, &[#(#indices),*], #has_outcome)
        };
        warning::deferred(krate, Rule::ManySeries, name.span(), &found)
    });
    let arguments = quote_spanned!(span=> #constant, &[#(#indices),*], #has_outcome, #is_allowed);
    let assertion = check::assertion(function, span, "assert_series", &arguments);
    Some(quote_spanned!(span=> #assertion #warning))
}

/// The metrics; the three of a plain `#[observed]` are one constant.
fn instruments(function: &AnnotatedFunction) -> TokenStream {
    let krate = &function.krate;
    let kinds = function.metrics.iter().map(|metric| metric.kind);
    let is_plain = |metric: &Metric| matches!(metric.family, Family::Shared) && metric.only.is_none();
    if function.objective.is_none()
        && function.metrics.iter().all(is_plain)
        && kinds.eq(Attribute::Observed.instruments().iter().copied())
    {
        return quote_spanned!(mixed_site()=> #krate::__private::Instrument::OBSERVED);
    }
    let metrics = function.metrics.iter().enumerate();
    let instruments = metrics.map(|(index, metric)| instrument(function, index, metric));
    quote_spanned!(mixed_site()=> &[#(#instruments),*])
}

/// A metric: the shared family of its kind, with the fields that differ.
fn instrument(function: &AnnotatedFunction, index: usize, metric: &Metric) -> TokenStream {
    let krate = &function.krate;
    let own = own_family(function, metric);
    let only = metric.only.map(|only| {
        let outcome = Ident::new(only.variant(), mixed_site());
        quote_spanned!(mixed_site()=> only: ::core::option::Option::Some(#krate::__private::Outcome::#outcome),)
    });
    let native = metric.native.map(|native| {
        let native = native.tokens(krate);
        quote_spanned!(mixed_site()=> native: ::core::option::Option::Some(#native),)
    });
    let buckets = metric.buckets.as_ref().map(|bounds| {
        let bounds = bucket_bounds(bounds);
        quote_spanned!(mixed_site()=> buckets: #bounds,)
    });
    let objective = function.objective_at(index).map(|objective| {
        let objective = objective.tokens(krate);
        quote_spanned!(mixed_site()=> objective: ::core::option::Option::Some(#objective),)
    });
    let constant = Ident::new(metric.kind.constant(), mixed_site());
    let base = quote_spanned!(mixed_site()=> #krate::__private::Instrument::#constant);
    let former =
        metric.renamed_from.as_ref().filter(|_| own.is_some()).map(
            |former| quote_spanned!(mixed_site()=> renamed_from: ::core::option::Option::Some(#former),),
        );
    let fields = quote_spanned!(mixed_site()=> #own #former #only #buckets #native #objective);
    if fields.is_empty() {
        return base;
    }
    quote_spanned!(mixed_site()=> #krate::__private::Instrument { #fields ..#base })
}

fn bucket_bounds(bounds: &BucketBounds) -> TokenStream {
    match bounds {
        BucketBounds::Listed(listed) => listed.to_token_stream(),
        // A constant may be an array as well as a slice.
        BucketBounds::Constant(path) => quote_spanned! {mixed_site_at(path)=>
            { const __METRICS_BOUNDS: &[::core::primitive::f64] = &#path; __METRICS_BOUNDS }
        },
    }
}

fn own_family(function: &AnnotatedFunction, metric: &Metric) -> Option<TokenStream> {
    let Family::Own { name, help, labels, .. } = &metric.family else { return None };
    let labels = labels.iter().map(|label| instrument_label(function, label));
    Some(quote_spanned!(mixed_site()=> name: #name, help: #help, labels: &[#(#labels),*],))
}

fn instrument_label(function: &AnnotatedFunction, label: &MetricLabel) -> TokenStream {
    let krate = &function.krate;
    let variants = quote_spanned!(mixed_site()=> #krate::__private::InstrumentLabel);
    match &label.value {
        LabelValue::Outcome => {
            let name = label.name.unraw().to_string();
            quote_spanned!(mixed_site()=> #variants::Outcome(#name))
        }
        LabelValue::Constant(text) => {
            let name = label.name.unraw().to_string();
            quote_spanned!(mixed_site()=> #variants::Constant(#name, #text))
        }
        LabelValue::Computed(moment, index) => {
            let index = function.label_index(*moment, *index);
            let is_from_error = function.labels.get(index).is_some_and(|label| label.source.is_from_error());
            let variant = Ident::new(if is_from_error { "Error" } else { "Dimension" }, mixed_site());
            let index = Literal::usize_unsuffixed(index);
            quote_spanned!(mixed_site()=> #variants::#variant(#index))
        }
    }
}

/// Placeholder of the function's module, which only the compiler knows.
const MODULE: &str = "\u{0}";

/// The environment variable with Prometheus' address, at which queries become links.
const ADDRESS: &str = "PROMETHEUS_URL";

/// The environment variable that leaves the list out everywhere: `0`, `off` or `false`.
const SWITCH: &str = "METRICS_DOCS";

/// The attribute that lists the metrics, for builds of the documentation alone: `missing_docs` still finds a function without
/// a comment.
pub(crate) fn documentation(function: &AnnotatedFunction) -> Option<TokenStream> {
    let switched_off =
        std::env::var(SWITCH).is_ok_and(|value| ["0", "off", "false"].contains(&value.as_str()));
    if !function.is_documented || switched_off {
        return None;
    }
    let address = std::env::var(ADDRESS).ok().filter(|address| !address.is_empty());
    let text = metric_list(function, address.as_deref());
    let parts = text.split(MODULE).enumerate().map(|(at, part)| {
        let module = (at > 0).then(|| quote_spanned!(mixed_site()=> ::core::module_path!(),));
        quote_spanned!(mixed_site()=> #module #part,)
    });
    Some(quote_spanned!(mixed_site()=> #[cfg_attr(doc, doc = ::core::concat!(#(#parts)*))]))
}

fn metric_list(function: &AnnotatedFunction, address: Option<&str>) -> String {
    let mut text = "\n<details><summary>Metrics</summary>\n\n".to_owned();
    for metric in &function.metrics {
        let (name, _) = selector(function, metric);
        if matches!(&metric.family, Family::Own { name: Text::Constant(_), .. }) {
            let _ = writeln!(text, "* the metric whose name is `{name}`");
            continue;
        }
        let queries = queries(function, metric).into_iter().map(|(title, query)| match address {
            Some(address) => {
                let address = address.trim_end_matches('/');
                format!("[{title}](<{address}/graph?g0.expr={}&g0.tab=0>)", encoded(&query))
            }
            None => format!("{title} `{query}`"),
        });
        let queries = queries.collect::<Vec<_>>().join(if address.is_some() { ", " } else { "\n  * " });
        let between = if address.is_some() { " " } else { "\n  * " };
        // Writing to a string does not fail.
        let _ = writeln!(text, "* `{name}`:{between}{queries}");
    }
    text.push_str("\n</details>");
    text
}

/// The name of a metric and the matchers of labels that are the same in all calls of the function.
fn selector(function: &AnnotatedFunction, metric: &Metric) -> (String, Vec<String>) {
    match &metric.family {
        Family::Shared => (
            metric.kind.shared_family().to_owned(),
            vec![matcher("function", &function.name), format!("module=\"{MODULE}\"")],
        ),
        Family::Own { name, labels, .. } => {
            let constants = labels.iter().filter_map(|label| match &label.value {
                LabelValue::Constant(text) => {
                    Some(matcher(&label.name.unraw().to_string(), &text.literal()?))
                }
                LabelValue::Outcome | LabelValue::Computed(..) => None,
            });
            (name.shown(), constants.collect())
        }
    }
}

fn matcher(label: &str, value: &str) -> String {
    let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n").replace(MODULE, "");
    format!("{label}=\"{value}\"")
}

/// The queries about a metric, each with its title.
fn queries(function: &AnnotatedFunction, metric: &Metric) -> Vec<(&'static str, String)> {
    let (name, labels) = selector(function, metric);
    let selected = |suffix: &str, more: Option<&str>| {
        let all: Vec<&str> = labels.iter().map(String::as_str).chain(more).collect();
        let braces = if all.is_empty() { String::new() } else { format!("{{{}}}", all.join(",")) };
        format!("{name}{suffix}{braces}")
    };
    let rate = |suffix, more| format!("sum(rate({}[5m]))", selected(suffix, more));
    let failed = Some("result=~\"error|panicked\"");
    let suffix = if metric.kind == InstrumentKind::Duration { "_count" } else { "" };
    let mut queries = match metric.kind {
        InstrumentKind::InFlight => vec![("in flight", format!("sum({})", selected("", None)))],
        InstrumentKind::Calls => vec![("rate", rate("", None))],
        InstrumentKind::Duration => vec![(
            "95th percentile",
            format!("histogram_quantile(0.95, sum by (le) (rate({}[5m])))", selected("_bucket", None)),
        )],
    };
    if metric.has_every_outcome() {
        queries.push(("error ratio", format!("{} / {}", rate(suffix, failed), rate(suffix, None))));
    }
    queries
}

/// Percent-encodes a query in an address. The placeholder stays: a module's path needs no encoding.
fn encoded(query: &str) -> String {
    query.bytes().fold(String::with_capacity(query.len() * 2), |mut encoded, byte| {
        let stays =
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || MODULE.as_bytes().contains(&byte);
        if stays {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests;
