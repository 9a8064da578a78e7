//! What is emitted where something is wrong.

use proc_macro2::TokenStream;
use quote::quote;

/// The item beside the errors.
///
/// Without the item everything that uses it would be an error too, and completion in an editor would stop inside it.
pub(crate) fn item(item: &TokenStream, errors: &TokenStream) -> TokenStream {
    quote!(#errors #item)
}
