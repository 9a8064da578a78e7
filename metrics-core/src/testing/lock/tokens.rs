//! Tokens of a lock file, with their places.

use std::{error::Error, fmt, iter::Peekable, str::Chars};

/// The text of a lock file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockError {
    line: usize,
    column: usize,
    message: String,
}

impl LockError {
    pub(super) const fn new((line, column): Place, message: String) -> Self {
        Self { line, column, message }
    }

    /// Returns the line, from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in characters, from 1.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Returns the message without its place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl Error for LockError {}

/// Line and column, each from 1.
pub(super) type Place = (usize, usize);

/// A token of a lock file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A key, a number or `true`.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// One of `[ ] { } = , .`.
    Sign(char),
    /// End of a line.
    LineEnd,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Sign(sign) => write!(f, "`{sign}`"),
            Self::LineEnd => f.write_str("the end of the line"),
        }
    }
}

/// Reader of the characters of a text that counts lines and columns.
struct Characters<'a> {
    rest: Peekable<Chars<'a>>,
    place: Place,
}

impl Characters<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.place = if next == '\n' { (self.place.0 + 1, 1) } else { (self.place.0, self.place.1 + 1) };
        Some(next)
    }

    /// Takes characters while they fulfil a condition.
    fn take_while(&mut self, condition: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while self.rest.peek().is_some_and(|next| condition(*next)) {
            taken.extend(self.next());
        }
        taken
    }
}

/// Splits a text into tokens. The list ends with the end of a line.
pub(super) fn tokens(text: &str) -> Result<Vec<(Place, Token)>, LockError> {
    let mut characters = Characters { rest: text.chars().peekable(), place: (1, 1) };
    let mut tokens = Vec::new();
    loop {
        let place = characters.place;
        let Some(first) = characters.rest.peek().copied() else { break };
        let token = match first {
            '"' => Token::Text(text_in_quotes(&mut characters)?),
            '#' => {
                characters.take_while(|next| next != '\n');
                continue;
            }
            _ if is_word(first) => Token::Word(word(&mut characters)),
            '[' | ']' | '{' | '}' | '=' | ',' | '.' | '\n' | ' ' | '\t' | '\r' | '\u{feff}' => {
                characters.next();
                match first {
                    '\n' => Token::LineEnd,
                    ' ' | '\t' | '\r' | '\u{feff}' => continue,
                    sign => Token::Sign(sign),
                }
            }
            other => return Err(LockError::new(place, format!("unexpected character {other:?}"))),
        };
        tokens.push((place, token));
    }
    tokens.push((characters.place, Token::LineEnd));
    Ok(tokens)
}

const fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '+')
}

/// Takes a key or a number; a dot belongs to a number alone.
fn word(characters: &mut Characters<'_>) -> String {
    let is_number = characters.rest.peek().is_some_and(|first| matches!(first, '0'..='9' | '-' | '+'));
    characters.take_while(|next| is_word(next) || is_number && next == '.')
}

fn text_in_quotes(characters: &mut Characters<'_>) -> Result<String, LockError> {
    let start = characters.place;
    characters.next();
    let mut text = String::new();
    loop {
        let place = characters.place;
        match characters.next() {
            Some('"') => return Ok(text),
            Some('\\') => text.push(escaped(characters).ok_or_else(|| {
                LockError::new(
                    place,
                    "unknown escape; known are \\\" \\\\ \\n \\r \\t and \\uXXXX".to_owned(),
                )
            })?),
            Some('\n') | None => {
                return Err(LockError::new(start, "the closing quote is missing".to_owned()));
            }
            Some(other) => text.push(other),
        }
    }
}

/// Returns the character that an escape stands for, after its backslash.
fn escaped(characters: &mut Characters<'_>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let mut code = 0;
            for _ in 0..4 {
                code = code * 16 + characters.next()?.to_digit(16)?;
            }
            char::from_u32(code)?
        }
        same @ ('"' | '\\') => same,
        _ => return None,
    })
}
