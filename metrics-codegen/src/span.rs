//! Spans of generated tokens.

use std::ops::Range;

use metrics_lint::Rule;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, spanned::Spanned};

/// The span of generated tokens: local variables and labels of it are apart from the user's, whatever their names.
pub(crate) fn mixed_site() -> Span {
    Span::mixed_site()
}

/// The span of generated tokens at the place of the user's: an error about them points there.
pub(crate) fn mixed_site_at(tokens: &impl Spanned) -> Span {
    mixed_site().located_at(tokens.span())
}

/// A path as if it stood at a place: the compiler shows an error in a call where the first word of its path is.
pub(crate) fn located(path: &Path, at: Span) -> TokenStream {
    let located = |mut token: TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    };
    path.to_token_stream().into_iter().map(located).collect()
}

/// Advice whose method is named by a word with the user's span: the compiler does not warn of the tokens of a derive.
const ADVICE: [Rule; 2] = [Rule::LabelInName, Rule::ManySeries];

/// The code of a derive, its tokens generated ones at the places of the user's: lints about the user's items, such as that a type
/// is deprecated, are not for the code of a derive.
pub(crate) fn derived(tokens: TokenStream) -> TokenStream {
    let derived = |token: TokenTree| match token {
        TokenTree::Group(group) => {
            let mut derived = Group::new(group.delimiter(), derived(group.stream()));
            derived.set_span(mixed_site().located_at(group.span()));
            derived.into()
        }
        TokenTree::Ident(ident) if ADVICE.iter().any(|rule| ident == rule.name()) => ident.into(),
        // The crate of a `macro_rules!` that wrote the item.
        TokenTree::Ident(ident) if ident == "$crate" => ident.into(),
        mut other => {
            other.set_span(mixed_site().located_at(other.span()));
            other
        }
    };
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let lines = line_calls(&tokens);
    let is_line = |index: &usize| lines.iter().any(|line| line.contains(index));
    tokens
        .into_iter()
        .enumerate()
        .map(|(index, token)| if is_line(&index) { token } else { derived(token) })
        .collect()
}

/// Finds the calls of `::core::line!()`, which give the line of the derive unless all of their tokens have the field's span.
fn line_calls(tokens: &[TokenTree]) -> Vec<Range<usize>> {
    let is_line = |index: &usize| {
        let name = tokens
            .get(*index)
            .is_some_and(|token| matches!(token, TokenTree::Ident(ident) if ident == "line"));
        let call = tokens
            .get(index + 1)
            .is_some_and(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!'));
        name && call
    };
    // `::core::` before the name has five tokens, and `!()` after it two.
    (0..tokens.len()).filter(is_line).map(|index| index.saturating_sub(5)..index + 3).collect()
}
