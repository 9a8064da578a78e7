//! `#[derive(LabelValue)]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::{ctxt, fallback};

/// An enum whose variants are the values of a label.
struct LabelEnum {
    krate: syn::Path,
    ident: syn::Ident,
    /// The label's name in a tuple, where it was written.
    written_name: Option<syn::LitStr>,
    /// The name, unless the type's is none.
    name: Option<String>,
    variants: Vec<Variant>,
}

/// A variant and its text.
struct Variant {
    ident: syn::Ident,
    text: String,
    /// What gave the text, for errors about it.
    span: proc_macro2::Span,
    /// `other`, on the variant for all strings that are no other's text.
    other: Option<syn::Ident>,
}

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = ctxt::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let model = parse::parse(cx, &item)?;
        check::check(cx, &model);
        Some(model)
    });
    fallback::derived(made, expand::expand)
}
