//! The meaning of an enum of label values.

/// An enum whose variants are the values of a label.
pub(super) struct LabelEnum {
    pub(super) krate: syn::Path,
    pub(super) ident: syn::Ident,
    /// The label's name in a tuple, where it was written.
    pub(super) written_name: Option<syn::LitStr>,
    /// The name, unless the type's is none.
    pub(super) name: Option<String>,
    pub(super) variants: Vec<Variant>,
}

/// A variant and its text.
pub(super) struct Variant {
    pub(super) ident: syn::Ident,
    pub(super) text: String,
    /// The span of the text, for errors about it.
    pub(super) span: proc_macro2::Span,
    /// Set for a variant without data, which is one value.
    pub(super) is_unit: bool,
    /// `other`, on the variant for all strings that are no other's text.
    pub(super) other: Option<syn::Ident>,
}

impl LabelEnum {
    /// The variants that can be made from a text; of the others it is said that they are wrong.
    pub(super) fn units(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.is_unit)
    }

    /// The variant for all other strings.
    pub(super) fn other(&self) -> Option<&syn::Ident> {
        self.units().find(|variant| variant.other.is_some()).map(|variant| &variant.ident)
    }
}
