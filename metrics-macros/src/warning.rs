//! Warnings, which stable macros cannot give by themselves: the compiler's about a function that is deprecated.

use metrics_lint::Finding;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// What to think about, on a token, and how an opt-out is written there.
pub(crate) struct Warning {
    pub(crate) span: Span,
    pub(crate) finding: Finding,
}

impl Warning {
    /// An item that makes the compiler warn on the token.
    pub(crate) fn item(&self) -> TokenStream {
        let ours = Span::mixed_site();
        let Finding { rule, message } = &self.finding;
        let note = format!("{message} (or opt out: `allow({rule})`)");
        let name = Ident::new(rule, ours);
        // The compiler does not warn of what a derive has made, so this is a word of the user's.
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
