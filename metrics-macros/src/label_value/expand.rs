//! `impl LabelValue`.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

use super::LabelEnum;

pub(super) fn expand(model: &LabelEnum) -> TokenStream {
    let LabelEnum { krate, ident, variants, name, .. } = model;
    let ours = Span::mixed_site();
    let count = Literal::usize_unsuffixed(variants.len());
    let variant = variants.iter().map(|variant| &variant.ident);
    let place = (0..variants.len()).map(Literal::usize_unsuffixed);
    let at = (0..variants.len()).map(Literal::usize_unsuffixed);
    let text = variants.iter().map(|variant| &variant.text);
    let from = from_str(model);
    let named = name.as_ref().map(|name| {
        quote_spanned! {ours=>
            #[automatically_derived]
            impl #krate::__private::LabelName for #ident {
                const NAME: &'static ::core::primitive::str = #name;
            }
        }
    });
    quote_spanned! {ours=>
        #from
        #named

        #[automatically_derived]
        impl #krate::__private::LabelValue for #ident {
            const COUNT: ::core::primitive::usize = #count;

            #[inline]
            fn index(&self) -> ::core::primitive::usize {
                match *self {
                    #(Self::#variant { .. } => #place,)*
                }
            }

            fn name_at(index: ::core::primitive::usize) -> &'static ::core::primitive::str {
                match index {
                    #(#at => #text,)*
                    _ => "",
                }
            }
        }
    }
}

/// `From<&str>` where a variant catches all other strings.
fn from_str(model: &LabelEnum) -> Option<TokenStream> {
    let LabelEnum { ident, variants, .. } = model;
    let other = &variants.iter().find(|variant| variant.other.is_some())?.ident;
    let variant = variants.iter().map(|variant| &variant.ident);
    let text = variants.iter().map(|variant| &variant.text);
    Some(quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl ::core::convert::From<&::core::primitive::str> for #ident {
            fn from(text: &::core::primitive::str) -> Self {
                match text {
                    #(#text => Self::#variant,)*
                    _ => Self::#other,
                }
            }
        }
    })
}
