//! `#[derive(LabelSet)]`.

mod advice;
mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{errors, fallback, warning};

/// A struct whose fields are labels.
struct Labels {
    krate: syn::Path,
    /// The rules that do not hold for any label.
    allowed: Vec<&'static str>,
    ident: syn::Ident,
    generics: syn::Generics,
    fields: Vec<Label>,
}

/// A field and the label's name.
struct Label {
    field: syn::Ident,
    kind: syn::Type,
    /// Set for a field that is a label set itself, whose labels come in its place.
    flatten: bool,
    name: String,
    /// The span of the name, for errors about it.
    span: proc_macro2::Span,
    /// The rules that do not hold.
    allowed: Vec<&'static str>,
}

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = errors::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let model = parse::parse(cx, &item)?;
        check::check(cx, &model);
        (!model.fields.is_empty()).then_some(model)
    });
    // Advice can wait until there are no errors.
    let sound = made.0.as_ref().filter(|_| made.1.is_none());
    let warnings = warning::items(sound.map(advice::advice).into_iter().flatten());
    let expanded = fallback::derived(made, expand::expand);
    quote!(#expanded #warnings)
}
