//! Assertions that the compiler evaluates, because it knows the values and types: constants, names, and labels against labels.

use metrics_lint::{MetricType, Rule};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Type, ext::IdentExt, spanned::Spanned};

use super::{
    generics, kind,
    model::{Content, Field, Group, Metric},
    one_family,
};
use crate::{span::located, warning};

/// The assertions about a field; `at` is its place among the names of the group.
pub(super) fn of_field(group: &Group, field: &Field, at: usize) -> TokenStream {
    match &field.content {
        Content::Nested(nested) => names(group, nested.group.span(), at),
        Content::Metric(metric) => of_metric(group, field, metric, at),
        Content::Skipped | Content::Broken => TokenStream::new(),
    }
}

fn of_metric(group: &Group, field: &Field, metric: &Metric, at: usize) -> TokenStream {
    let kind = &field.kind;
    let help = metric.help_path.as_ref().filter(|_| !group.allows(metric, Rule::NoHelp.name()));
    let help = help.map(|path| constant(&group.krate, path, "assert_help", path));
    let buckets = metric.buckets_path.as_ref();
    let buckets = buckets.map(|(_, path)| {
        let reference = quote_spanned!(path.span()=> &#path);
        constant(&group.krate, path, "assert_buckets", &reference)
    });
    let labels = kind::has_labels(kind).then(|| labels(group, field, metric));
    // What the macro could not see.
    let unseen = metric.name_path.is_some()
        || metric.kind == MetricType::Unknown
        || one_family::has_other_members(group, metric);
    let span = metric.name_path.as_ref().map_or(kind.span(), Spanned::span);
    let names = unseen.then(|| names(group, span, at));
    quote!(#help #buckets #labels #names)
}

/// An assertion about a constant, on the word that names it.
fn constant(krate: &Path, path: &Path, assertion: &str, argument: &impl ToTokens) -> TokenStream {
    let (krate, assertion) = (located(krate, path.span()), Ident::new(assertion, path.span()));
    quote_spanned!(path.span()=> const _: () = #krate::__private::#assertion(#argument);)
}

/// The names that a field gives, by the rules and against those of the fields before it.
fn names(group: &Group, span: Span, at: usize) -> TokenStream {
    let krate = located(&group.krate, span);
    let allowed = &group.allowed;
    let owner = if is_generic(group) { quote!(Self) } else { group.ident.to_token_stream() };
    evaluated(
        is_generic(group),
        span,
        &quote_spanned! {span=>
            #krate::__private::assert_names(
                <#owner as #krate::__private::MetricGroup>::NAMES,
                #at,
                &[#(#allowed),*],
            )
        },
    )
}

fn labels(group: &Group, field: &Field, metric: &Metric) -> TokenStream {
    let kind = &field.kind;
    let constants = group.labels.iter().chain(&metric.labels);
    let constants = constants.map(|label| label.name.unraw().to_string());
    let many = group.allows(metric, Rule::LabelProduct.name());
    let krate = located(&group.krate, kind.span());
    let (dimensions, is_generic) = dimensions(group, kind);
    let assertion = quote_spanned! {kind.span()=>
        #krate::__private::assert_labels(#dimensions, &[#(#constants),*], #many)
    };
    // A constant of a generic type cannot choose between types.
    if is_generic {
        return evaluated(true, kind.span(), &assertion);
    }
    let asserted = evaluated(false, kind.span(), &assertion);
    // The compiler does not warn of what a derive has made, so these are the user's words.
    let krate = respanned(&group.krate, kind.span());
    let in_name = (!group.allows(metric, Rule::LabelInName.name())).then(|| {
        let (prefix, name) = (group.prefix().unwrap_or_default(), metric.name_expression());
        let found = quote_spanned! {kind.span()=>
            #krate::__private::has_label_in_name(#prefix, #name, #dimensions)
        };
        warning::deferred(&group.krate, Rule::LabelInName, kind.span(), &found)
    });
    let series = (!many && !group.allows(metric, Rule::ManySeries.name())).then(|| {
        let found = quote_spanned!(kind.span()=> #krate::__private::has_many_series(#dimensions));
        warning::deferred(&group.krate, Rule::ManySeries, kind.span(), &found)
    });
    quote!(#asserted #in_name #series)
}

/// The labels of a family that vary, and whether they are those of a generic type.
fn dimensions(group: &Group, kind: &Type) -> (TokenStream, bool) {
    let krate = located(&group.krate, kind.span());
    let mentions = |kind: &Type| generics::mentions(&group.generics, kind);
    // Of a `Family<Labels, M>`, where `M` alone is generic.
    if let Some(set) = kind::label_set(kind).filter(|set| mentions(kind) && !mentions(set)) {
        return (quote_spanned!(kind.span()=> <#set as #krate::__private::LabelSet>::DIMENSIONS), false);
    }
    (quote_spanned!(kind.span()=> <#kind as #krate::__private::GroupField>::DIMENSIONS), mentions(kind))
}

/// With generics it is known where the group is made of its types, which `cargo check` does not do.
fn evaluated(is_generic: bool, span: Span, assertion: &TokenStream) -> TokenStream {
    if is_generic {
        quote_spanned!(span=> const { #assertion };)
    } else {
        quote_spanned!(span=> const _: () = #assertion;)
    }
}

fn is_generic(group: &Group) -> bool {
    !group.generics.params.is_empty()
}

/// A path with the span of a word of the user's.
fn respanned(path: &Path, at: Span) -> TokenStream {
    let respanned = |mut token: proc_macro2::TokenTree| {
        token.set_span(at);
        token
    };
    path.to_token_stream().into_iter().map(respanned).collect()
}
