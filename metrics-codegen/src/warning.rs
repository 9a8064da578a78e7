//! Warnings. Stable macros have none of their own, so they use the compiler's about deprecated items. Its line begins with the
//! item's path, so the path says that this is advice about metrics, and by which rule.

use metrics_lint::{Finding, Rule};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

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
        let call = quote_spanned!(self.span=> metrics_advice::#call());
        quote_spanned! {ours=>
            const _: () = {
                mod metrics_advice {
                    #[deprecated(note = #note)]
                    pub(super) const fn #name() {}
                }
                #call
            };
        }
    }
}

/// The items of all warnings that are not allowed.
pub(crate) fn items(warnings: impl Iterator<Item = Warning>) -> TokenStream {
    warnings.map(|warning| warning.item()).collect()
}

/// An item that makes the compiler warn on the span if `found`, a constant expression, is true.
pub(crate) fn deferred(krate: &Path, rule: Rule, span: Span, found: &TokenStream) -> TokenStream {
    let method = Ident::new(rule.name(), span);
    quote_spanned! {mixed_site()=>
        const _: fn() = || {
            use #krate::__private::{MetricsAdvice as _, NoAdvice as _};
            #krate::__private::Found::<{ #found }>.#method();
        };
    }
}
