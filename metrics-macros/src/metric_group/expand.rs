//! `impl MetricGroup`, the instances, and the declaration.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::model::{Content, Field, Group, Metric};

fn ours() -> Span {
    Span::mixed_site()
}

/// The parameter of `build`, for code that has the user's spans.
fn scope() -> Ident {
    Ident::new("scope", ours())
}

pub(super) fn expand(group: &Group) -> TokenStream {
    let build = build(group);
    let instances = instances(group);
    let declaration = group.global.then(|| declaration(group));
    quote_spanned!(ours()=> #build #instances #declaration)
}

fn build(group: &Group) -> TokenStream {
    let Group { krate, ident, generics, .. } = group;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let fields = group.fields.iter().map(|field| field_built(krate, field));
    let made = quote_spanned!(ours()=> Self { #(#fields),* });
    let made = match group.prefix() {
        Some(prefix) => quote_spanned!(ours()=> scope.named(#prefix, |scope| #made)),
        None => made,
    };
    quote_spanned! {ours()=>
        #[automatically_derived]
        impl #impl_generics #krate::__private::MetricGroup for #ident #type_generics #where_clause {
            fn build(scope: &mut #krate::__private::Scope<'_>) -> Self {
                #made
            }
        }
    }
}

fn field_built(krate: &syn::Path, field: &Field) -> TokenStream {
    let Field { ident, kind, cfg, content } = field;
    let scope = scope();
    // The type's span, so that a type that is no metric is an error on it.
    let built = match content {
        Content::Nested(subsystem) => {
            let subsystem = option(subsystem.as_ref());
            quote_spanned!(kind.span()=> #scope.nested::<#kind>(#subsystem))
        }
        Content::Metric(metric) => {
            let spec = spec(krate, field, metric);
            quote_spanned!(kind.span()=> <#kind as #krate::__private::GroupField>::build(#scope, #spec))
        }
    };
    quote_spanned!(ours()=> #(#cfg)* #ident: #built)
}

fn spec(krate: &syn::Path, field: &Field, metric: &Metric) -> TokenStream {
    let Metric { name, help, .. } = metric;
    let unit = option(metric.unit.as_ref());
    let label = metric.labels.iter().map(|label| label.name.unraw().to_string());
    let value = metric.labels.iter().map(|label| &label.value);
    let buckets = option(metric.buckets.as_ref().map(|(_, buckets)| buckets));
    let line = quote_spanned!(field.ident.span()=> ::core::line!());
    quote_spanned! {ours()=>
        &#krate::__private::FieldSpec {
            name: #name,
            help: #help,
            unit: #unit,
            labels: &[#((#label, #value)),*],
            buckets: #buckets,
            file: ::core::file!(),
            line: #line,
        }
    }
}

fn option(value: Option<&impl ToTokens>) -> TokenStream {
    let none = || quote_spanned!(ours()=> ::core::option::Option::None);
    value.map_or_else(none, |value| quote_spanned!(ours()=> ::core::option::Option::Some(#value)))
}

/// The ways to an instance, with the struct's own visibility.
fn instances(group: &Group) -> TokenStream {
    let Group { krate, ident, generics, visibility, .. } = group;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let global = group.global.then(|| global(group));
    quote_spanned! {ours()=>
        #[automatically_derived]
        #[allow(dead_code)]
        impl #impl_generics #ident #type_generics #where_clause {
            #global

            /// Makes an instance whose metrics are in `registry`.
            ///
            /// # Errors
            ///
            /// Where a metric of the same name is registered with another definition.
            #visibility fn register_in(
                registry: &#krate::Registry,
            ) -> ::core::result::Result<Self, #krate::RegistrationError> {
                #krate::__private::register_in(registry)
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
    quote_spanned! {ours()=>
        /// The instance in the global registry, which is there without being touched.
        #[must_use]
        #visibility fn global() -> &'static Self {
            static GLOBAL: #krate::__private::OnceLock<#ident> = #krate::__private::OnceLock::new();
            GLOBAL.get_or_init(#krate::__private::register_global)
        }
    }
}

/// The place in the link-time list. Nested groups are named, because they are registered as a part of this one.
fn declaration(group: &Group) -> TokenStream {
    let Group { krate, ident, .. } = group;
    let nested =
        group.fields.iter().filter(|field| matches!(field.content, Content::Nested(_))).map(|field| {
            let Field { kind, cfg, .. } = field;
            quote_spanned!(ours()=> #(#cfg)* #krate::__private::TypeId::of::<#kind>)
        });
    quote_spanned! {ours()=>
        const _: () = {
            #krate::__private::submit_group!(&#krate::__private::GroupDeclaration {
                type_id: #krate::__private::TypeId::of::<#ident>,
                nested: &[#(#nested),*],
                touch: || {
                    let _ = #ident::global();
                },
            });
        };
    }
}
