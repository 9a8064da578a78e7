//! The meaning of a label set.

/// A struct whose fields are labels.
pub(super) struct Labels {
    pub(super) krate: syn::Path,
    /// The rules that do not hold for any label.
    pub(super) allowed: Vec<&'static str>,
    pub(super) ident: syn::Ident,
    pub(super) generics: syn::Generics,
    pub(super) fields: Vec<Label>,
}

/// A field and the label's name.
pub(super) struct Label {
    pub(super) field: syn::Ident,
    pub(super) kind: syn::Type,
    /// Set for a field that is a label set itself, whose labels come in its place.
    pub(super) flatten: bool,
    pub(super) name: String,
    /// The span of the name, for errors about it.
    pub(super) span: proc_macro2::Span,
    /// The rules that do not hold.
    pub(super) allowed: Vec<&'static str>,
}
