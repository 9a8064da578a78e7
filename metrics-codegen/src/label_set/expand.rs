//! `impl LabelSet`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Label, Labels};
use crate::span::mixed_site;

pub(super) fn expand(model: &Labels) -> TokenStream {
    let Labels { krate, ident, generics, fields: labels, .. } = model;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let dimensions = dimensions(krate, labels);
    let capped = labels.iter().map(|label| capped(krate, label));
    let index = index(krate, labels);
    let key = key(krate, labels);
    quote_spanned! {mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #krate::__private::LabelSet for #ident #type_generics #where_clause {
            const DIMENSIONS: &'static [#krate::__private::Dimension] = #dimensions;
            const CAPPED: ::core::primitive::bool = #(#capped)||*;

            #[inline]
            fn index(&self, interners: &#krate::__private::Interners) -> ::core::primitive::usize {
                #krate::__private::LabelSet::position(self, interners, 0)
            }

            #[inline]
            fn position(
                &self,
                interners: &#krate::__private::Interners,
                first: ::core::primitive::usize,
            ) -> ::core::primitive::usize {
                #index
            }

            #[inline]
            fn write_key(&self, key: &mut #krate::__private::CacheKey) {
                #key
            }
        }
    }
}

/// The labels; those of a flattened set stand where it stands.
fn dimensions(krate: &syn::Path, labels: &[Label]) -> TokenStream {
    if !labels.iter().any(|label| label.flatten) {
        let dimensions = labels.iter().map(|label| dimension(krate, label));
        return quote_spanned!(mixed_site()=> &[#(#dimensions),*]);
    }
    let parts = labels.iter().map(|label| {
        let kind = &label.kind;
        if label.flatten {
            return quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelSet>::DIMENSIONS);
        }
        let dimension = dimension(krate, label);
        quote_spanned!(kind.span()=> &[#dimension])
    });
    quote_spanned! {mixed_site()=> {
        const PARTS: &[&[#krate::__private::Dimension]] = &[#(#parts),*];
        &#krate::__private::join::<{ #krate::__private::joined_len(PARTS) }>(PARTS)
    }}
}

/// The type's span, so that an unbounded type is an error on it.
fn dimension(krate: &syn::Path, Label { kind, name, .. }: &Label) -> TokenStream {
    quote_spanned! {kind.span()=>
        #krate::__private::Dimension::new(
            #name,
            <#kind as #krate::__private::LabelField>::VALUES,
        )
    }
}

fn capped(krate: &syn::Path, Label { kind, flatten, .. }: &Label) -> TokenStream {
    if *flatten {
        return quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelSet>::CAPPED);
    }
    quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelField>::VALUES.is_capped())
}

/// The position in the space of the labels, the last varying fastest.
fn index(krate: &syn::Path, labels: &[Label]) -> TokenStream {
    // Generated parameters, in code that has the user's spans.
    let [this, interners, first] = ["self", "interners", "first"].map(|name| Ident::new(name, mixed_site()));
    let mut sum = TokenStream::new();
    // How many labels stand before.
    let mut before = quote!(#first);
    for Label { field, kind, flatten, .. } in labels {
        let owner = if *flatten { quote!(LabelSet) } else { quote!(LabelField) };
        let position = quote_spanned! {kind.span()=>
            <#kind as #krate::__private::#owner>::position(&#this.#field, #interners, #before)
        };
        let (size, count) = if *flatten {
            let dimensions = quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelSet>::DIMENSIONS);
            (quote!(const { #krate::__private::product(#dimensions) }), quote!(#dimensions.len()))
        } else {
            (quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelField>::SIZE), quote!(1))
        };
        sum = if sum.is_empty() { position } else { quote!((#sum) * #size + #position) };
        before = quote!(#before + #count);
    }
    sum
}

/// Each label's part of a key, in their order.
fn key(krate: &syn::Path, labels: &[Label]) -> TokenStream {
    let [this, key] = ["self", "key"].map(|name| Ident::new(name, mixed_site()));
    labels
        .iter()
        .map(|Label { field, kind, flatten, .. }| {
            let owner = if *flatten { quote!(LabelSet) } else { quote!(LabelField) };
            quote_spanned! {kind.span()=>
                <#kind as #krate::__private::#owner>::write_key(&#this.#field, #key);
            }
        })
        .collect()
}
