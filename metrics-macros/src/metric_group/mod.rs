//! `#[derive(MetricGroup)]`.

mod check;
mod expand;
mod kind;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::ctxt;

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = ctxt::collect(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let raw = parse::parse(cx, &item)?;
        let group = model::Group::new(cx, raw)?;
        check::check(cx, &group);
        Some(group)
    });
    made.map_or_else(|errors| errors, |group| expand::expand(&group))
}
