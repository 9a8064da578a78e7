//! Words in tokens, and identifiers that are not among them.
//!
//! Mixed-site spans keep local variables and labels apart from the user's, but not items: a constant of the user's with the
//! name of a generated variable would be taken for a pattern. So generated names are ones that the function does not have.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Lifetime;

use crate::span::mixed_site;

/// The names of everything that is generated into a function.
pub(crate) struct FreshIdents {
    /// The static of the call site.
    pub(crate) site: Ident,
    /// The constant with the dimensions of the labels.
    pub(crate) dimensions: Ident,
    /// The guard of the call.
    pub(crate) call: Ident,
    /// The returned value.
    pub(crate) returned: Ident,
    /// The value and the residual of a `?`.
    pub(crate) value: Ident,
    pub(crate) residual: Ident,
    /// The positions of labels.
    pub(crate) labels: Ident,
    /// The label of the body.
    pub(crate) body: Lifetime,
}

/// Names that none of these tokens has.
pub(crate) fn fresh_idents(tokens: TokenStream) -> FreshIdents {
    let taken = words(tokens);
    let fresh = |name: &str| Ident::new(&unused(name, &taken), mixed_site());
    FreshIdents {
        site: fresh("__METRICS_SITE"),
        dimensions: fresh("__METRICS_DIMENSIONS"),
        call: fresh("__metrics_call"),
        returned: fresh("__metrics_returned"),
        value: fresh("__metrics_value"),
        residual: fresh("__metrics_residual"),
        labels: fresh("__metrics_labels"),
        body: Lifetime { apostrophe: mixed_site(), ident: fresh("__metrics_body") },
    }
}

fn unused(name: &str, taken: &HashSet<String>) -> String {
    let mut name = name.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// Every word of the tokens.
pub(crate) fn words(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    for_each_token(tokens, &mut |token| {
        if let TokenTree::Ident(ident) = token {
            found.insert(ident.to_string());
        }
    });
    found
}

/// Every word inside literals: `format!("{tenant}")` uses an argument.
pub(crate) fn words_in_literals(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    for_each_token(tokens, &mut |token| {
        if let TokenTree::Literal(literal) = token {
            let text = literal.to_string();
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            found.extend(words.map(str::to_owned));
        }
    });
    found
}

fn for_each_token(tokens: TokenStream, visit: &mut impl FnMut(&TokenTree)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => for_each_token(group.stream(), visit),
            other => visit(&other),
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::fresh_idents;

    #[test]
    fn names_are_ones_that_the_function_does_not_have() {
        let idents = fresh_idents(quote!(
            fn f(__METRICS_SITE: u8) {
                const __METRICS_SITE_: u8 = 1;
            }
        ));
        assert_eq!(idents.site, "__METRICS_SITE__");
        assert_eq!(idents.call, "__metrics_call");
    }
}
