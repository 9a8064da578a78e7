//! `#[derive(MetricGroup)]`.

mod advice;
mod assertions;
mod check;
mod expand;
mod generics;
mod kind;
mod model;
mod names;
mod one_family;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{errors, fallback, warning};

/// Expands the derive.
pub fn derive(item: TokenStream) -> TokenStream {
    let made = errors::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let raw = parse::parse(cx, &item)?;
        let group = model::Group::new(cx, raw)?;
        check::check(cx, &group);
        Some(group)
    });
    // Advice can wait until there are no errors.
    let sound = made.0.as_ref().filter(|_| made.1.is_none());
    let warnings = warning::items(sound.map(advice::advice).into_iter().flatten());
    let expanded = fallback::derived(made, expand::expand);
    quote!(#expanded #warnings)
}
