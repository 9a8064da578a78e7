//! Output beside errors.

use proc_macro2::TokenStream;
use quote::quote;

use crate::span;

/// The output of a derive beside the errors: a wrong name or help text does not remove methods that the program uses.
pub(crate) fn derived<T>(
    (model, errors): (Option<T>, Option<TokenStream>),
    expand: impl FnOnce(&T) -> TokenStream,
) -> TokenStream {
    let expanded = model.as_ref().map(expand).map(span::derived);
    quote!(#errors #expanded)
}

/// The item beside the errors.
///
/// Without the item everything that uses it would be an error too, and completion in an editor would stop inside it.
pub(crate) fn item(item: &TokenStream, errors: &TokenStream) -> TokenStream {
    quote!(#errors #item)
}
