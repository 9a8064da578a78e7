//! `impl MetricGroup`, the instances, and the declaration.

use metrics_lint::MetricType;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{
    assertions, kind,
    model::{Content, Field, Group, Metric},
    names::{self, constant_labels, label_names, option},
};
use crate::span::mixed_site;

/// The parameter of `build`, for code that has the user's spans.
fn scope() -> Ident {
    Ident::new("scope", mixed_site())
}

pub(super) fn expand(group: &Group) -> TokenStream {
    let build = build(group);
    let instances = instances(group);
    let declaration = group.global.then(|| declaration(group));
    quote_spanned!(mixed_site()=> #build #instances #declaration)
}

fn build(group: &Group) -> TokenStream {
    let Group { krate, ident, generics, .. } = group;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let fields = fields_built(group);
    let made = quote_spanned!(mixed_site()=> Self { #(#fields),* });
    let made = match group.prefix() {
        Some(prefix) => quote_spanned!(mixed_site()=> scope.named(#prefix, |scope| #made)),
        None => made,
    };
    let made = if group.labels.is_empty() {
        made
    } else {
        let labels = constant_labels(&group.labels);
        quote_spanned!(mixed_site()=> scope.labelled(&[#(#labels),*], |scope| #made))
    };
    let made = with_facts_read(group, made);
    let names = names::names(group);
    quote_spanned! {mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #krate::__private::MetricGroup for #ident #type_generics #where_clause {
            #names

            #[allow(unused_variables, unreachable_code)]
            fn build(scope: &mut #krate::__private::Scope<'_>) -> Self {
                #made
            }
        }
    }
}

/// A fact is on the page by being there, so nobody reads the field, and the compiler is not to warn of that.
fn with_facts_read(group: &Group, made: TokenStream) -> TokenStream {
    let facts = group.fields.iter().filter_map(|field| match &field.content {
        Content::Metric(metric) if metric.kind == MetricType::Info && !kind::has_labels(&field.kind) => {
            let (cfg, member) = (&field.cfg, &field.member);
            Some(quote_spanned!(mixed_site()=> #(#cfg)* let _ = &made.#member;))
        }
        _ => None,
    });
    let facts: Vec<_> = facts.collect();
    if facts.is_empty() {
        return made;
    }
    quote_spanned! {mixed_site()=>
        let made = #made;
        #(#facts)*
        made
    }
}

fn fields_built(group: &Group) -> Vec<TokenStream> {
    let mut at = 0;
    let mut built = Vec::new();
    for field in &group.fields {
        built.push(field_built(group, field, at));
        if matches!(field.content, Content::Metric(_) | Content::Nested(_)) {
            at += 1;
        }
    }
    built
}

fn field_built(group: &Group, field: &Field, at: usize) -> TokenStream {
    let krate = &group.krate;
    let Field { member, kind, cfg, content } = field;
    let scope = scope();
    // The type's span, so that a type that is no metric is an error on it.
    let (built, when) = match content {
        Content::Nested(nested) => {
            let (part, inner) = (option(nested.part.as_ref()), &nested.group);
            let built = quote_spanned!(kind.span()=> #scope.nested::<#inner>(#part));
            let optional = kind::is_option(kind);
            let some = || quote_spanned!(mixed_site()=> ::core::option::Option::Some(#built));
            (if optional { some() } else { built.clone() }, nested.when.as_ref())
        }
        Content::Metric(metric) => {
            let spec = spec(krate, field, metric);
            let built =
                quote_spanned!(kind.span()=> <#kind as #krate::__private::GroupField>::build(#scope, #spec));
            (built, metric.when.as_ref())
        }
        Content::Skipped => {
            (quote_spanned!(kind.span()=> <#kind as ::core::default::Default>::default()), None)
        }
        Content::Broken => (quote_spanned!(mixed_site()=> loop {}), None),
    };
    let assertions = assertions::of_field(group, field, at);
    let built = if assertions.is_empty() { built } else { quote!({ #assertions #built }) };
    let built = match when.filter(|_| kind::is_option(kind)) {
        Some(when) => quote_spanned! {mixed_site()=>
            if #when { #built } else { ::core::option::Option::None }
        },
        None => built,
    };
    quote_spanned!(mixed_site()=> #(#cfg)* #member: #built)
}

fn spec(krate: &syn::Path, field: &Field, metric: &Metric) -> TokenStream {
    let name = metric.name_expression();
    let help = metric.help_expression();
    let renamed_from = option(metric.renamed_from.as_ref());
    let unit = option(metric.unit.as_ref());
    let labels = constant_labels(&metric.labels);
    let label_names = label_names(&metric.labels);
    let listed = metric.buckets.as_ref().map(|(_, buckets)| buckets.to_token_stream());
    // A constant may be an array as well as a slice.
    let constant = || {
        let (_, path) = metric.buckets_path.as_ref()?;
        Some(quote_spanned! {path.span()=>
            { const __METRICS_BOUNDS: &[::core::primitive::f64] = &#path; __METRICS_BOUNDS }
        })
    };
    let buckets = option(listed.or_else(constant).as_ref());
    let native = metric.native.as_ref().map(|(_, native)| native.tokens(krate));
    let native = option(native.as_ref());
    // A duration is no constant that could stand behind a reference.
    let milliseconds =
        |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let ttl = option(metric.ttl.map(milliseconds).as_ref());
    let quantiles = metric.quantiles.as_ref().map(|(_, quantiles)| quantiles);
    let quantiles = option(quantiles.map(ToTokens::to_token_stream).as_ref());
    let window = option(metric.window.as_ref().map(|(_, window)| milliseconds(*window)).as_ref());
    let line = quote_spanned!(field.member.span()=> ::core::line!());
    quote_spanned! {mixed_site()=>
        &#krate::__private::FieldSpec {
            name: #name,
            renamed_from: #renamed_from,
            help: #help,
            unit: #unit,
            labels: &[#(#labels),*],
            label_names: &[#(#label_names),*],
            buckets: #buckets,
            native: #native,
            quantiles: #quantiles,
            window_milliseconds: #window,
            ttl_milliseconds: #ttl,
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: #line,
        }
    }
}

/// The ways to an instance, with the struct's own visibility.
fn instances(group: &Group) -> TokenStream {
    let Group { krate, ident, generics, visibility, .. } = group;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let global = group.global.then(|| global(group));
    quote_spanned! {mixed_site()=>
        #[automatically_derived]
        #[allow(dead_code)]
        impl #impl_generics #ident #type_generics #where_clause {
            #global

            /// Makes an instance whose metrics are in a registry: `&registry`, or `registry.labelled("shard", "1")` where
            /// there are several.
            ///
            /// # Errors
            ///
            /// A metric of the same name is registered with another definition.
            #visibility fn register_in<'place>(
                place: impl ::core::convert::Into<#krate::__private::LabelledRegistry<'place>>,
            ) -> ::core::result::Result<Self, #krate::RegistrationError> {
                #krate::__private::register_in(place)
            }

            /// Makes an instance whose metrics are in no registry.
            #[must_use]
            #visibility fn unregistered() -> Self {
                #krate::__private::unregistered()
            }
        }
    }
}

fn global(group: &Group) -> TokenStream {
    let Group { krate, ident, visibility, .. } = group;
    let registry = if let Some(registry) = &group.registry {
        quote_spanned!(registry.span()=> || &#registry)
    } else {
        quote_spanned!(mixed_site()=> #krate::__private::Registry::global)
    };
    quote_spanned! {mixed_site()=>
        /// The static instance, which is there without being touched.
        #[must_use]
        #visibility fn global() -> &'static Self {
            static GLOBAL: #krate::__private::StaticGroup<#ident> = #krate::__private::StaticGroup::new();
            GLOBAL.get(#registry)
        }
    }
}

/// The place in the link-time list. Nested groups are named, because they are registered as a part of this one.
fn declaration(group: &Group) -> TokenStream {
    let Group { krate, ident, .. } = group;
    let nested = group.fields.iter().filter_map(|field| match &field.content {
        Content::Nested(nested) => {
            let (kind, cfg) = (&nested.group, &field.cfg);
            Some(quote_spanned!(mixed_site()=> #(#cfg)* #krate::__private::TypeId::of::<#kind>))
        }
        Content::Metric(_) | Content::Skipped | Content::Broken => None,
    });
    let registry = group.registry.as_ref().map(|path| quote_spanned!(path.span()=> || &#path));
    let registry = option(registry.as_ref());
    quote_spanned! {mixed_site()=>
        const _: () = {
            #krate::__private::submit_group!(&#krate::__private::GroupDeclaration {
                type_id: #krate::__private::TypeId::of::<#ident>,
                nested: &[#(#nested),*],
                registry: #registry,
                touch: || {
                    let _ = #ident::global();
                },
            });
        };
    }
}
