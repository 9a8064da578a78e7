//! Spans of generated tokens.

use proc_macro2::Span;
use syn::spanned::Spanned;

/// The span of generated tokens: local variables and labels of it are apart from the user's, whatever their names.
pub(crate) fn mixed_site() -> Span {
    Span::mixed_site()
}

/// The span of generated tokens at the place of the user's: an error about them points there.
pub(crate) fn mixed_site_at(tokens: &impl Spanned) -> Span {
    mixed_site().located_at(tokens.span())
}
