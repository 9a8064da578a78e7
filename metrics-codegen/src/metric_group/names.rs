//! The names of a group as a constant, for the groups around it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    model::{Content, Field, Group, Metric},
    parse::ConstantLabel,
};
use crate::span::mixed_site;

/// `const NAMES` of `impl MetricGroup`.
pub(super) fn names(group: &Group) -> TokenStream {
    let krate = &group.krate;
    let prefix = group.prefix().unwrap_or_default();
    let labels = constant_labels(&group.labels);
    let fields = group.fields.iter().filter_map(|field| of_field(group, field));
    quote_spanned! {mixed_site()=>
        const NAMES: &'static #krate::__private::GroupNames = &#krate::__private::GroupNames {
            prefix: #prefix,
            labels: &[#(#labels),*],
            fields: &[#(#fields),*],
        };
    }
}

fn of_field(group: &Group, field: &Field) -> Option<TokenStream> {
    let krate = &group.krate;
    let cfg = &field.cfg;
    let names = match &field.content {
        Content::Metric(metric) => of_metric(group, field, metric),
        Content::Nested(nested) => {
            let kind = &nested.group;
            let part = nested.part.as_ref().map(syn::LitStr::value).unwrap_or_default();
            let names = quote_spanned!(kind.span()=> <#kind as #krate::__private::MetricGroup>::NAMES);
            quote!(#krate::__private::FieldNames::Nested(#part, #names))
        }
        Content::Skipped | Content::Broken => return None,
    };
    Some(quote!(#(#cfg)* #names))
}

fn of_metric(group: &Group, field: &Field, metric: &Metric) -> TokenStream {
    let krate = &group.krate;
    let kind = &field.kind;
    let name = metric.name_expression();
    let help = metric.help_expression();
    let unit = option(metric.unit.as_ref());
    let labels = constant_labels(&metric.labels);
    let label_names = label_names(&metric.labels);
    let allowed = group.allowed.iter().chain(&metric.allowed);
    let of_type = quote_spanned!(kind.span()=> <#kind as #krate::__private::GroupField>);
    quote_spanned! {mixed_site()=>
        #krate::__private::FieldNames::Metric(#krate::__private::MetricNames {
            name: #name,
            metric_type: #of_type::TYPE,
            help: #help,
            unit: #unit,
            labels: &[#(#labels),*],
            label_names: &[#(#label_names),*],
            dimensions: #of_type::DIMENSIONS,
            allowed: &[#(#allowed),*],
        })
    }
}

/// `(name, value)` of each label with a value.
pub(super) fn constant_labels(labels: &[ConstantLabel]) -> Vec<TokenStream> {
    let pair = |label: &ConstantLabel| {
        let (name, value) = (label.name.unraw().to_string(), label.value.as_ref()?);
        Some(quote_spanned!(mixed_site()=> (#name, #value)))
    };
    labels.iter().filter_map(pair).collect()
}

/// An `Option` in the generated code.
pub(super) fn option(value: Option<&impl ToTokens>) -> TokenStream {
    let none = || quote_spanned!(mixed_site()=> ::core::option::Option::None);
    value.map_or_else(none, |value| quote_spanned!(mixed_site()=> ::core::option::Option::Some(#value)))
}

/// The names of the labels without a value.
pub(super) fn label_names(labels: &[ConstantLabel]) -> impl Iterator<Item = String> {
    labels.iter().filter(|label| label.value.is_none()).map(|label| label.name.unraw().to_string())
}
