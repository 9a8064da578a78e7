//! A function whose attributes do nothing, because the feature `enabled` is off.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use super::{
    constants,
    dimensions::DimensionValue,
    expand::{at, ours},
    model::{Decision, Site},
    signature,
};
use crate::item_fn;

/// The function as it was written. Where its attributes name things of the user's, these are in use all the same: a closure
/// that nobody calls has them, of which no instruction is left.
pub(crate) fn function(site: &Site) -> TokenStream {
    let imports = item_fn::in_use(&site.taken);
    let constants = constants::assertions(site);
    let uses: Vec<TokenStream> = uses(site);
    let closure = (!uses.is_empty()).then(|| quote_spanned!(ours()=> let _ = || { #(#uses)* };));
    if imports.is_empty() && constants.is_empty() && closure.is_none() {
        return site.item.to_token_stream();
    }
    let body = &site.item.body.statements;
    site.item.with_body(&quote!(#imports #constants #closure #body))
}

fn uses(site: &Site) -> Vec<TokenStream> {
    let dimensions = site.dimensions.iter().filter_map(|dimension| match &dimension.value {
        DimensionValue::Argument(value) | DimensionValue::Capped(value, _) => {
            Some(quote_spanned!(at(value)=> let _ = &(#value);))
        }
        DimensionValue::Returned(closure) => of_returned(site, closure, "apply"),
        DimensionValue::Error(closure) => of_returned(site, closure, "error_of"),
    });
    let decision = match &site.decision {
        Decision::ErrorIf(closure) | Decision::OkIf(closure) => of_returned(site, closure, "apply"),
        Decision::Unasked | Decision::AlwaysOk | Decision::Probe => None,
    };
    let registry = site.registry.as_ref().map(|registry| quote_spanned!(at(registry)=> let _ = &#registry;));
    dimensions.chain(decision).chain(registry).collect()
}

/// What looks at the returned value, where the type of that can be written.
fn of_returned(site: &Site, closure: &impl ToTokens, with: &str) -> Option<TokenStream> {
    let kind = signature::local_type(&site.signature);
    if kind.to_token_stream().into_iter().any(|token| token.to_string() == "_") {
        return None;
    }
    let (krate, returned) = (&site.krate, &site.idents.returned);
    let with = proc_macro2::Ident::new(with, ours());
    Some(quote_spanned! {at(closure)=>
        let _ = |#returned: &#kind| { let _ = #krate::__private::#with(#returned, #closure); };
    })
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
