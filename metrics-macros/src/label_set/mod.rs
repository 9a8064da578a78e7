//! `#[derive(LabelSet)]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::{ctxt, fallback};

/// A struct whose fields are labels.
struct Labels {
    krate: syn::Path,
    ident: syn::Ident,
    generics: syn::Generics,
    fields: Vec<Label>,
}

/// A field and the label's name.
struct Label {
    field: syn::Ident,
    kind: syn::Type,
    /// Whether the field is a label set, whose labels come in its place.
    flatten: bool,
    name: String,
    /// What gave the name, for errors about it.
    span: proc_macro2::Span,
}

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = ctxt::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let model = parse::parse(cx, &item)?;
        check::check(cx, &model);
        (!model.fields.is_empty()).then_some(model)
    });
    fallback::derived(made, expand::expand)
}
