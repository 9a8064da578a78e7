//! `impl MetricGroup`, the instances, and the declaration.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    kind,
    model::{Content, Field, Group, Metric},
    parse::ConstantLabel,
};
use crate::lint::{self, Kind};

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
    let fields = group.fields.iter().map(|field| field_built(group, field));
    let made = quote_spanned!(ours()=> Self { #(#fields),* });
    let made = match group.prefix() {
        Some(prefix) => quote_spanned!(ours()=> scope.named(#prefix, |scope| #made)),
        None => made,
    };
    let made = if group.labels.is_empty() {
        made
    } else {
        let labels = constant_labels(&group.labels);
        quote_spanned!(ours()=> scope.labelled(&[#(#labels),*], |scope| #made))
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

fn field_built(group: &Group, field: &Field) -> TokenStream {
    let krate = &group.krate;
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
            let assertion = assertions(group, field, metric);
            let built =
                quote_spanned!(kind.span()=> <#kind as #krate::__private::GroupField>::build(#scope, #spec));
            let built = if assertion.is_empty() { built } else { quote!({ #assertion #built }) };
            match metric.when.as_ref().filter(|_| kind::is_option(kind)) {
                Some(when) => quote_spanned! {ours()=>
                    if #when { #built } else { ::core::option::Option::None }
                },
                None => built,
            }
        }
        Content::Skipped => quote_spanned!(kind.span()=> <#kind as ::core::default::Default>::default()),
    };
    quote_spanned!(ours()=> #(#cfg)* #ident: #built)
}

fn spec(krate: &syn::Path, field: &Field, metric: &Metric) -> TokenStream {
    let name = metric.name_path.as_ref().map_or(metric.name.to_token_stream(), ToTokens::to_token_stream);
    let help = metric.help_path.as_ref().map_or(metric.help.to_token_stream(), ToTokens::to_token_stream);
    let unit = option(metric.unit.as_ref());
    let labels = constant_labels(&metric.labels);
    let label_names = metric
        .labels
        .iter()
        .filter(|label| label.value.is_none())
        .map(|label| label.name.unraw().to_string());
    let listed = metric.buckets.as_ref().map(|(_, buckets)| buckets.to_token_stream());
    let constant = || metric.buckets_path.as_ref().map(|(_, path)| path.to_token_stream());
    let buckets = option(listed.or_else(constant).as_ref());
    let native = metric.native.as_ref().map(|(_, native)| native.tokens(krate));
    let native = option(native.as_ref());
    let ttl = metric.ttl.map(|ttl| {
        let milliseconds = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        quote_spanned!(ours()=> #krate::__private::Duration::from_millis(#milliseconds))
    });
    let ttl = option(ttl.as_ref());
    let line = quote_spanned!(field.ident.span()=> ::core::line!());
    quote_spanned! {ours()=>
        &#krate::__private::FieldSpec {
            name: #name,
            help: #help,
            unit: #unit,
            labels: &[#(#labels),*],
            label_names: &[#(#label_names),*],
            buckets: #buckets,
            native: #native,
            ttl: #ttl,
            file: ::core::file!(),
            line: #line,
        }
    }
}

/// `(name, value)` of each label with a value.
fn constant_labels(labels: &[ConstantLabel]) -> Vec<TokenStream> {
    let pair = |label: &ConstantLabel| {
        let (name, value) = (label.name.unraw().to_string(), label.value.as_ref()?);
        Some(quote_spanned!(ours()=> (#name, #value)))
    };
    labels.iter().filter_map(pair).collect()
}

/// What is checked where the values and the types are known: constants, and labels against labels.
fn assertions(group: &Group, field: &Field, metric: &Metric) -> TokenStream {
    let kind = &field.kind;
    let counter = metric.kind == Kind::Counter && !group.allows(metric, lint::COUNTER_TOTAL);
    let name =
        metric.name_path.as_ref().map(|path| constant(&group.krate, path, "assert_name", Some(counter)));
    let help = metric.help_path.as_ref().map(|path| constant(&group.krate, path, "assert_help", None));
    let buckets = metric.buckets_path.as_ref();
    let buckets = buckets.map(|(_, path)| constant(&group.krate, path, "assert_buckets", None));
    let labels = kind::has_labels(kind).then(|| {
        let constants = group.labels.iter().chain(&metric.labels);
        let names = constants.map(|label| label.name.unraw().to_string());
        let many = group.allows(metric, lint::LABEL_PRODUCT);
        let krate = located(&group.krate, kind.span());
        let assertion = quote_spanned! {kind.span()=>
            #krate::__private::assert_labels(
                <#kind as #krate::__private::GroupField>::DIMENSIONS,
                &[#(#names),*],
                #many,
            )
        };
        // With generics it is known where the group is made of its types, which `cargo check` does not do.
        if group.generics.params.is_empty() {
            quote_spanned!(kind.span()=> const _: () = #assertion;)
        } else {
            quote_spanned!(kind.span()=> const { #assertion };)
        }
    });
    quote!(#name #help #buckets #labels)
}

/// An assertion about a constant, on the word that names it.
fn constant(krate: &syn::Path, path: &syn::Path, assertion: &str, more: Option<bool>) -> TokenStream {
    let (krate, assertion) = (located(krate, path.span()), Ident::new(assertion, path.span()));
    let more = more.into_iter();
    quote_spanned!(path.span()=> const _: () = #krate::__private::#assertion(#path #(, #more)*);)
}

/// A path as if it stood at a place, so that an error in what it names is shown there.
fn located(path: &syn::Path, at: Span) -> TokenStream {
    let located = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    };
    path.to_token_stream().into_iter().map(located).collect()
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

            /// Makes an instance whose metrics are in a registry: `&registry`, or `registry.labelled("shard", "1")` where
            /// there are several.
            ///
            /// # Errors
            ///
            /// Where a metric of the same name is registered with another definition.
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
    let make = if let Some(registry) = &group.registry {
        quote_spanned!(registry.span()=> || #krate::__private::register_static(&#registry))
    } else {
        quote_spanned!(ours()=> #krate::__private::register_global)
    };
    quote_spanned! {ours()=>
        /// The static instance, which is there without being touched.
        #[must_use]
        #visibility fn global() -> &'static Self {
            static GLOBAL: #krate::__private::OnceLock<#ident> = #krate::__private::OnceLock::new();
            GLOBAL.get_or_init(#make)
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
    let registry = group.registry.as_ref().map(|path| quote_spanned!(path.span()=> || &#path));
    let registry = option(registry.as_ref());
    quote_spanned! {ours()=>
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
