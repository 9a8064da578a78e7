//! Native buckets: `native`, `native(only)`.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};

use crate::{attr, span::mixed_site, symbol::ONLY};

/// The native buckets of a histogram: beside the classic ones, or instead of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Native {
    Beside,
    Only,
}

impl Native {
    /// Parses the argument after its key.
    pub(crate) fn parse(key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        const FORM: &str =
            "`native` has native buckets beside the classic ones, `native(only)` instead of them";
        if input.peek(syn::Token![=]) {
            return Err(syn::Error::new(key.span(), FORM));
        }
        if !input.peek(syn::token::Paren) {
            return Ok(Self::Beside);
        }
        let (span, content) = attr::list(key, input, "native(only)")?;
        let word = <Option<Ident> as syn::parse::Parse>::parse.parse2(content);
        match word {
            Ok(Some(word)) if word == ONLY => Ok(Self::Only),
            _ => Err(syn::Error::new(span, FORM)),
        }
    }

    /// The constant of metrics-core.
    pub(crate) fn tokens(self, krate: &syn::Path) -> TokenStream {
        match self {
            Self::Beside => quote_spanned!(mixed_site()=> #krate::__private::NativeBuckets::Beside),
            Self::Only => quote_spanned!(mixed_site()=> #krate::__private::NativeBuckets::Only),
        }
    }
}
