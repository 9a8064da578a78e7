//! `#[derive(LabelValue)]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::{errors, fallback};

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
    /// The span of the text, for errors about it.
    span: proc_macro2::Span,
    /// Set for a variant without data, which is one value.
    is_unit: bool,
    /// `other`, on the variant for all strings that are no other's text.
    other: Option<syn::Ident>,
}

impl LabelEnum {
    /// The variants that can be made from a text; of the others it is said that they are wrong.
    fn units(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.is_unit)
    }

    /// The variant for all other strings.
    fn other(&self) -> Option<&syn::Ident> {
        self.units().find(|variant| variant.other.is_some()).map(|variant| &variant.ident)
    }
}

/// Expands the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let made = errors::gather(|cx| {
        let item = cx.ok(syn::parse2(item))?;
        let model = parse::parse(cx, &item)?;
        check::check(cx, &model);
        Some(model)
    });
    fallback::derived(made, expand::expand)
}
