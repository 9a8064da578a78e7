//! `#[derive(LabelValue)]`.

mod check;
mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::{errors, fallback};

/// Expands the derive.
pub fn derive(item: TokenStream) -> TokenStream {
    let made = errors::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let model = parse::parse(cx, &item)?;
        check::check(cx, &model);
        Some(model)
    });
    fallback::derived(made, expand::expand)
}
