//! `impl LabelValue`.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

use super::LabelEnum;

pub(super) fn expand(model: &LabelEnum) -> TokenStream {
    let LabelEnum { krate, ident, variants } = model;
    let ours = Span::mixed_site();
    let count = Literal::usize_unsuffixed(variants.len());
    let variant = variants.iter().map(|variant| &variant.ident);
    let place = (0..variants.len()).map(Literal::usize_unsuffixed);
    let at = (0..variants.len()).map(Literal::usize_unsuffixed);
    let text = variants.iter().map(|variant| &variant.text);
    quote_spanned! {ours=>
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
