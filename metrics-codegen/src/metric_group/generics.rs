//! Types that depend on the generics of their group.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Generics};

/// Returns `true` where tokens name a parameter of the generics, or `Self`, which has them.
pub(super) fn mentions(generics: &Generics, tokens: &impl ToTokens) -> bool {
    !generics.params.is_empty() && any(tokens.to_token_stream(), &|word| is_parameter(generics, word))
}

fn any(tokens: TokenStream, is: &impl Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => is(&word),
        TokenTree::Group(group) => any(group.stream(), is),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn is_parameter(generics: &Generics, word: &Ident) -> bool {
    word == "Self"
        || generics.params.iter().any(|parameter| match parameter {
            GenericParam::Type(parameter) => parameter.ident == *word,
            GenericParam::Const(parameter) => parameter.ident == *word,
            GenericParam::Lifetime(parameter) => parameter.lifetime.ident == *word,
        })
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_quote};

    use super::mentions;

    #[test]
    fn parameters_are_found_at_any_depth() {
        let item: syn::ItemStruct = parse_quote!(
            struct Group<'a, L: LabelSet, const N: usize>;
        );
        let mentioned = |kind: Type| mentions(&item.generics, &kind);
        assert!(mentioned(parse_quote!(Family<(Status, L), Counter>)));
        assert!(mentioned(parse_quote!(Family<[Status; { N }], Counter>)));
        assert!(mentioned(parse_quote!(Family<Name<'a>, Counter>)));
        assert!(mentioned(parse_quote!(Family<Labels<Self>, Counter>)));
        assert!(!mentioned(parse_quote!(Family<Labels, Counter<f64>>)));
        let plain: syn::ItemStruct = parse_quote!(
            struct Group;
        );
        assert!(!mentions(&plain.generics, &item));
    }
}
