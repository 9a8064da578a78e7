//! `impl LabelValue`.

use proc_macro2::{Literal, TokenStream};
use quote::quote_spanned;

use super::model::LabelEnum;
use crate::span::mixed_site;

pub(super) fn expand(model: &LabelEnum) -> TokenStream {
    let LabelEnum { krate, ident, variants, name, .. } = model;
    let ours = mixed_site();
    let count = Literal::usize_unsuffixed(variants.len());
    let variant = variants.iter().map(|variant| &variant.ident);
    let place = (0..variants.len()).map(Literal::usize_unsuffixed);
    let at = (0..variants.len()).map(Literal::usize_unsuffixed);
    let text = variants.iter().map(|variant| &variant.text);
    let from = from_str(model);
    let from_label = from_label(model);
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

            #from_label
        }
    }
}

/// The value of a text: the variant that has it, or the one that catches all others.
fn from_label(model: &LabelEnum) -> TokenStream {
    let ours = mixed_site();
    let variant = model.units().map(|variant| &variant.ident);
    let text = model.units().map(|variant| &variant.text);
    let some = quote_spanned!(ours=> ::core::option::Option::Some);
    let other = model.other().map_or_else(
        || quote_spanned!(ours=> ::core::option::Option::None),
        |other| quote_spanned!(ours=> #some(Self::#other)),
    );
    quote_spanned! {ours=>
        fn from_label(text: &::core::primitive::str) -> ::core::option::Option<Self> {
            match text {
                #(#text => #some(Self::#variant),)*
                _ => #other,
            }
        }
    }
}

/// `From<&str>` where a variant catches all other strings.
fn from_str(model: &LabelEnum) -> Option<TokenStream> {
    let (ident, other) = (&model.ident, model.other()?);
    let variant = model.units().map(|variant| &variant.ident);
    let text = model.units().map(|variant| &variant.text);
    Some(quote_spanned! {mixed_site()=>
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
