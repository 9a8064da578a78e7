//! Names in a function's header that later editions reserve, which a crate of the edition 2015 may have.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

/// The words that the edition 2018 reserves.
const RESERVED: [&str; 4] = ["async", "await", "dyn", "try"];

/// Returns the error about a reserved word as a name, if it alone is the reason for which the tokens do not parse.
pub(crate) fn error(tokens: &TokenStream, parses: impl Fn(TokenStream) -> bool) -> Option<syn::Error> {
    let mut position = 0;
    loop {
        let mut search = Search { left: position, found: None };
        let raw = search.with_raw_name(tokens.clone());
        let (word, span) = search.found?;
        if parses(raw) {
            let message = format!(
                "`{word}` is a keyword from the edition 2018 on; in an annotated function write `r#{word}`"
            );
            return Some(syn::Error::new(span, message));
        }
        position += 1;
    }
}

/// Search for one of the reserved words outside of braces.
struct Search {
    /// Number of them to pass.
    left: usize,
    found: Option<(String, Span)>,
}

impl Search {
    /// Returns the tokens with the found word as a raw identifier.
    fn with_raw_name(&mut self, tokens: TokenStream) -> TokenStream {
        tokens.into_iter().map(|token| self.replace(token)).collect()
    }

    fn replace(&mut self, token: TokenTree) -> TokenTree {
        match token {
            TokenTree::Group(group) if group.delimiter() != proc_macro2::Delimiter::Brace => {
                let mut replaced = Group::new(group.delimiter(), self.with_raw_name(group.stream()));
                replaced.set_span(group.span());
                replaced.into()
            }
            TokenTree::Ident(ident) if self.found.is_none() => self.replace_ident(ident).into(),
            other => other,
        }
    }

    fn replace_ident(&mut self, ident: Ident) -> Ident {
        let word = ident.to_string();
        if !RESERVED.contains(&word.as_str()) {
            return ident;
        }
        if self.left > 0 {
            self.left -= 1;
            return ident;
        }
        let raw = Ident::new_raw(&word, ident.span());
        self.found = Some((word, ident.span()));
        raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::{Attribute, only_check};

    fn message(function: &str) -> Option<String> {
        let tokens: TokenStream = function.parse().unwrap();
        let parses = |tokens: TokenStream| syn::parse2::<syn::ItemFn>(tokens).is_ok();
        error(&tokens, parses).map(|error| error.to_string())
    }

    #[test]
    fn word_of_a_later_edition_is_named() {
        for (function, word) in [
            ("fn f(async: u8) {}", "async"),
            ("pub fn try() {}", "try"),
            ("async fn f(x: &dyn Fn(), dyn: u8) {}", "dyn"),
            ("fn f((await, b): (u8, u8)) {}", "await"),
        ] {
            let message = message(function).unwrap_or_else(|| panic!("{function}"));
            assert!(
                message.starts_with(&format!("`{word}` is")) && message.ends_with(&format!("`r#{word}`")),
                "{message}"
            );
        }
    }

    #[test]
    fn attributes_say_it() {
        for (attribute, item) in [
            (Attribute::Counted, "pub fn f(async: u8) -> u8 { async }"),
            (Attribute::Observed, "impl S { fn a() {} fn f(&self, async: u8) -> u8 { async } fn b() {} }"),
        ] {
            let expanded = only_check(attribute, TokenStream::new(), &item.parse().unwrap()).to_string();
            assert!(expanded.contains("write `r#async`"), "{expanded}");
            assert!(!expanded.contains("stands on"), "{expanded}");
        }
    }

    #[test]
    fn other_errors_stay() {
        for function in ["fn f(x) {}", "struct S;", "async fn f(&dyn x) {}"] {
            assert_eq!(message(function), None, "{function}");
        }
    }
}
