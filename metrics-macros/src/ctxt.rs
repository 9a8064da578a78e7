//! Collects every mistake of one item, so that one run shows them all.

use std::{cell::RefCell, fmt::Display};

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far. It exists only inside [`collect`], so no path can lose one.
pub(crate) struct Ctxt {
    errors: RefCell<Option<syn::Error>>,
}

impl Ctxt {
    /// Reports a mistake on the tokens that have to change.
    pub(crate) fn error_on(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports a mistake at a span.
    pub(crate) fn error_at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Reports a mistake that a parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        let mut errors = self.errors.borrow_mut();
        match errors.as_mut() {
            Some(first) => first.combine(error),
            None => *errors = Some(error),
        }
    }

    /// The value of a parse that worked; the mistake of one that did not is kept.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }
}

/// Runs `work` and gives what it made, or all mistakes as `compile_error!` items.
///
/// Where `work` gives nothing and reports nothing, which would be our own mistake, that is said instead of staying silent.
pub(crate) fn collect<T>(work: impl FnOnce(&Ctxt) -> Option<T>) -> Result<T, TokenStream> {
    let cx = Ctxt { errors: RefCell::new(None) };
    let made = work(&cx);
    match (cx.errors.into_inner(), made) {
        (None, Some(made)) => Ok(made),
        (Some(errors), _) => Err(errors.into_compile_error()),
        (None, None) => {
            Err(syn::Error::new(Span::call_site(), "nothing to expand here").into_compile_error())
        }
    }
}
