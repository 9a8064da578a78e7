//! Spans of generated tokens.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Path, spanned::Spanned};

/// The span of generated tokens: local variables and labels of it are apart from the user's, whatever their names.
pub(crate) fn mixed_site() -> Span {
    Span::mixed_site()
}

/// The span of generated tokens at the place of the user's: an error about them points there.
pub(crate) fn mixed_site_at(tokens: &impl Spanned) -> Span {
    mixed_site().located_at(tokens.span())
}

/// A path as if it stood at a place: the compiler shows an error in a call where the first word of its path is.
pub(crate) fn located(path: &Path, at: Span) -> TokenStream {
    let located = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    };
    path.to_token_stream().into_iter().map(located).collect()
}
