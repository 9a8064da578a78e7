//! `impl LabelSet`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Label, Labels};

pub(super) fn expand(model: &Labels) -> TokenStream {
    let Labels { krate, ident, generics, fields: labels } = model;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let dimensions = labels.iter().map(|label| dimension(krate, label));
    let capped = labels.iter().map(|label| capped(krate, label));
    let index = index(krate, labels);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #krate::__private::LabelSet for #ident #type_generics #where_clause {
            const DIMENSIONS: &'static [#krate::__private::Dimension] = &[#(#dimensions),*];
            const CAPPED: ::core::primitive::bool = #(#capped)||*;

            #[inline]
            fn index(&self, interners: &#krate::__private::Interners) -> ::core::primitive::usize {
                #index
            }
        }
    }
}

/// The type's span, so that an unbounded type is an error on it.
fn dimension(krate: &syn::Path, Label { kind, name, .. }: &Label) -> TokenStream {
    quote_spanned! {kind.span()=>
        #krate::__private::Dimension::new(
            #name,
            <#kind as #krate::__private::LabelField>::SIZE,
            <#kind as #krate::__private::LabelField>::NAME_AT,
        )
    }
}

fn capped(krate: &syn::Path, Label { kind, .. }: &Label) -> TokenStream {
    quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelField>::NAME_AT.is_none())
}

/// The position in the space of the labels, the last varying fastest.
fn index(krate: &syn::Path, labels: &[Label]) -> TokenStream {
    // Parameters of ours, in code that has the user's spans.
    let [this, interners] = ["self", "interners"].map(|name| Ident::new(name, Span::mixed_site()));
    let mut sum = TokenStream::new();
    for (at, Label { field, kind, .. }) in labels.iter().enumerate() {
        let at = Literal::usize_unsuffixed(at);
        let position = quote_spanned! {kind.span()=>
            <#kind as #krate::__private::LabelField>::position(&#this.#field, #interners, #at)
        };
        sum = if sum.is_empty() {
            position
        } else {
            let size = quote_spanned!(kind.span()=> <#kind as #krate::__private::LabelField>::SIZE);
            quote!((#sum) * #size + #position)
        };
    }
    sum
}
