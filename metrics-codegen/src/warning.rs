//! Warnings. Stable macros have none of their own, so they use the compiler's about a deprecated function.

use metrics_lint::Finding;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use crate::span::mixed_site;

/// A finding on a token.
pub(crate) struct Warning {
    pub(crate) span: Span,
    pub(crate) finding: Finding,
}

impl Warning {
    /// An item that makes the compiler warn on the token.
    pub(crate) fn item(&self) -> TokenStream {
        let ours = mixed_site();
        let Finding { rule, message } = &self.finding;
        let note = format!("{message} (or opt out: `allow({rule})`)");
        let name = Ident::new(rule, ours);
        // The compiler does not warn of the tokens of a derive, so this word has the user's span.
        let call = Ident::new(rule, self.span);
        let call = quote_spanned!(self.span=> #call());
        quote_spanned! {ours=>
            const _: () = {
                #[deprecated(note = #note)]
                const fn #name() {}
                #call
            };
        }
    }
}

/// The items of all warnings that are not allowed.
pub(crate) fn items(warnings: impl Iterator<Item = Warning>) -> TokenStream {
    warnings.map(|warning| warning.item()).collect()
}
