//! The names of what is put into a function.
//!
//! Local variables and labels of ours are apart from the user's by their spans, but items are not: a constant of the user's
//! with the name of our variable would be taken for a pattern. So the names are ones that the function does not have.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use syn::Lifetime;

use super::{expand::ours, signature};

/// The names of what is put into a function.
pub(crate) struct Idents {
    /// The static of the call site.
    pub(crate) site: Ident,
    /// The call under way.
    pub(crate) call: Ident,
    /// The returned value.
    pub(crate) returned: Ident,
    /// The label of the body.
    pub(crate) body: Lifetime,
}

impl Idents {
    /// Names that none of these tokens has.
    pub(crate) fn apart_from(tokens: TokenStream) -> Self {
        let taken = signature::words(tokens);
        let free = |name: &str| Ident::new(&unused(name, &taken), ours());
        Self {
            site: free("__METRICS_SITE"),
            call: free("__metrics_call"),
            returned: free("__metrics_returned"),
            body: Lifetime { apostrophe: ours(), ident: free("__metrics_body") },
        }
    }
}

fn unused(name: &str, taken: &HashSet<String>) -> String {
    let mut name = name.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::Idents;

    #[test]
    fn names_are_ones_that_the_function_does_not_have() {
        let idents = Idents::apart_from(quote!(
            fn f(__METRICS_SITE: u8) {
                const __METRICS_SITE_: u8 = 1;
            }
        ));
        assert_eq!(idents.site, "__METRICS_SITE__");
        assert_eq!(idents.call, "__metrics_call");
    }
}
