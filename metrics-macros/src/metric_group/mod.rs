//! `#[derive(MetricGroup)]`.

mod check;
mod expand;
mod kind;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::{ctxt, fallback};

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = ctxt::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let raw = parse::parse(cx, &item)?;
        let group = model::Group::new(cx, raw)?;
        check::check(cx, &group);
        Some(group)
    });
    fallback::derived(made, expand::expand)
}
