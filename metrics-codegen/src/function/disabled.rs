//! A function whose attributes do nothing, because the feature `enabled` is off.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use super::{
    check::DeferredChecks,
    label_code,
    model::{AnnotatedFunction, OutcomeTest},
};
use crate::{
    item,
    span::{mixed_site, mixed_site_at},
};

/// The function as it was written.
///
/// The names in its attributes stay in use: a closure that is never called has them, and leaves no instruction.
pub(crate) fn function(function: &AnnotatedFunction, checks: &DeferredChecks) -> TokenStream {
    let imports = item::imports_in_use(&function.unseen_paths);
    let assertions = &checks.assertions;
    let uses = uses(function);
    let closure = (!uses.is_empty()).then(|| quote_spanned!(mixed_site()=> let _ = || { #(#uses)* };));
    if imports.is_empty() && assertions.is_empty() && closure.is_none() {
        return function.item.to_token_stream();
    }
    let body = &function.item.body.statements;
    function.item.with_body(&quote!(#imports #assertions #closure #body))
}

fn uses(function: &AnnotatedFunction) -> Vec<TokenStream> {
    let labels = function.labels.iter().filter_map(|label| label_code::mention(function, label));
    let test = match &function.outcome_test {
        OutcomeTest::ErrorIf(closure) | OutcomeTest::OkIf(closure) => {
            label_code::mention_closure(function, closure, "apply")
        }
        OutcomeTest::NotNeeded | OutcomeTest::AlwaysOk | OutcomeTest::Probe => None,
    };
    let registry = function
        .registry
        .as_ref()
        .map(|registry| quote_spanned!(mixed_site_at(registry)=> let _ = &#registry;));
    labels.chain(test).chain(registry).collect()
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use crate::function::{Attribute, only_check};

    fn checked(arguments: TokenStream, item: &TokenStream) -> String {
        only_check(Attribute::Counted, arguments, item).to_string()
    }

    #[test]
    fn an_item_stays_as_it_was_written() {
        let function = quote! {
            #[inline]
            pub async fn read(text: &str) -> Result<u8, E> { text.parse()? }
        };
        assert_eq!(checked(quote!(), &function), function.to_string());
        let block = quote! {
            impl Store { const SIZE: usize = 1; fn get(&self) -> u8 { 1 } }
        };
        assert_eq!(only_check(Attribute::Observed, quote!(), &block).to_string(), block.to_string());
    }

    #[test]
    fn arguments_are_checked_all_the_same() {
        let item = quote!(
            fn read() {}
        );
        let wrong = checked(quote!(nmae = "reads_total", only = never), &item);
        assert_eq!(wrong.matches("compile_error").count(), 2, "{wrong}");
        assert!(wrong.contains("did you mean `name`?") && wrong.ends_with(&item.to_string()), "{wrong}");
        let wrong = checked(quote!(name = "reads", help = "Reads."), &item);
        assert!(wrong.contains("ends in `_total`"), "{wrong}");
    }
}
