//! Errors of one item, collected so that one run shows all of them.

use std::{cell::RefCell, fmt::Display};

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The errors found so far. It exists only inside [`collect`], so no path can lose one.
pub(crate) struct Errors {
    errors: RefCell<Option<syn::Error>>,
}

impl Errors {
    /// Reports an error on the tokens that have to change.
    pub(crate) fn error_on(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports an error at a span.
    pub(crate) fn error_at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Reports an error that a parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        let mut errors = self.errors.borrow_mut();
        match errors.as_mut() {
            Some(first) => first.combine(error),
            None => *errors = Some(error),
        }
    }

    /// The number of errors so far.
    pub(crate) fn count(&self) -> usize {
        self.errors.borrow().as_ref().map_or(0, |errors| errors.into_iter().count())
    }

    /// Returns the value of a successful parse, and reports the error of another.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }
}

/// Runs `work` and returns its value, or all errors as `compile_error!` items.
pub(crate) fn collect<T>(work: impl FnOnce(&Errors) -> Option<T>) -> Result<T, TokenStream> {
    match gather(work) {
        (Some(made), None) => Ok(made),
        (_, errors) => Err(errors.unwrap_or_default()),
    }
}

/// Runs `work` and returns its value and all errors, of which there is at least one without a value.
pub(crate) fn gather<T>(work: impl FnOnce(&Errors) -> Option<T>) -> (Option<T>, Option<TokenStream>) {
    let cx = Errors { errors: RefCell::new(None) };
    let made = work(&cx);
    let errors = cx.errors.into_inner();
    // No value and no error would be a bug of this crate, which must not stay silent.
    let silent = (made.is_none() && errors.is_none())
        .then(|| syn::Error::new(Span::call_site(), "nothing to expand here"));
    (made, errors.or(silent).map(syn::Error::into_compile_error))
}
