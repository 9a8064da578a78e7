//! Tokens of a query, with their places. Whether they make a query is for the parser to say.

use std::ops::Range;

/// Kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a word of the language.
    Word,
    /// A text in quotes, with them.
    Text,
    /// A number or a duration.
    Number,
    /// One character.
    Sign,
}

/// A token and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
    /// For an opening bracket the token that closes it.
    pub(super) closing: Option<usize>,
}

/// Splits a query into tokens, without comments. A bracket without its partner is an error at its byte.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, (usize, String)> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(first) = query.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = query.get(at..).unwrap_or_default();
        let in_braces = open.last().is_some_and(|(_, bracket)| *bracket == '{');
        let (kind, length) = token(rest, first, in_braces);
        let Some(kind) = kind else {
            at += length;
            continue;
        };
        let index = tokens.len();
        tokens.push(Token { kind, range: at..at + length, closing: None });
        match first {
            '(' | '{' | '[' => open.push((index, first)),
            ')' | '}' | ']' => match open.pop() {
                Some((opening, bracket)) if is_pair(bracket, first) => {
                    if let Some(opening) = tokens.get_mut(opening) {
                        opening.closing = Some(index);
                    }
                }
                Some(_) | None => return Err((at, format!("unexpected `{first}`"))),
            },
            _ => {}
        }
        at += length;
    }
    match open.pop() {
        Some((opening, bracket)) => {
            let start = tokens.get(opening).map_or(0, |token| token.range.start);
            Err((start, format!("`{bracket}` is not closed")))
        }
        None => Ok(tokens),
    }
}

const fn is_pair(opening: char, closing: char) -> bool {
    matches!((opening, closing), ('(', ')') | ('{', '}') | ('[', ']'))
}

/// Returns the kind and the length of the token that a text begins with; no kind for blanks and comments.
fn token(rest: &str, first: char, in_braces: bool) -> (Option<TokenKind>, usize) {
    let until = |end: &dyn Fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if first.is_whitespace() {
        (None, first.len_utf8())
    } else if first == '#' {
        (None, until(&|character| character == '\n'))
    } else if matches!(first, '"' | '\'' | '`') {
        (Some(TokenKind::Text), text_length(rest, first))
    } else if first.is_ascii_digit() {
        (Some(TokenKind::Number), until(&|character| !is_word(character) && character != '.'))
    } else if is_word(first) || first == ':' && !in_braces {
        (Some(TokenKind::Word), until(&|character| !is_word(character) && character != ':'))
    } else {
        (Some(TokenKind::Sign), first.len_utf8())
    }
}

fn text_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            '\\' if !escaped && quote != '`' => escaped = true,
            _ if character == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    rest.len()
}
