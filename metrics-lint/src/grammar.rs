//! The grammar of names.

use crate::{finding::Finding, rule::Rule};

/// Returns whether a name matches `[a-zA-Z_][a-zA-Z0-9_]*`; with `colon`, `:` counts as a letter.
#[must_use]
pub const fn is_legal(name: &str, colon: bool) -> bool {
    let mut rest = name.as_bytes();
    if matches!(rest, [] | [b'0'..=b'9', ..]) {
        return false;
    }
    while let [letter, others @ ..] = rest {
        if !(letter.is_ascii_alphanumeric() || *letter == b'_' || colon && *letter == b':') {
            return false;
        }
        rest = others;
    }
    true
}

/// Checks a part of a name. The message calls it `noun`: namespace, subsystem, unit.
pub fn name_part(part: &str, noun: &str) -> Option<Finding> {
    grammar(part, noun, false)
}

/// Checks a name by the grammar alone.
pub(crate) fn grammar(name: &str, noun: &str, colon: bool) -> Option<Finding> {
    if is_legal(name, colon) {
        return None;
    }
    let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || colon && letter == ':';
    let message = match name.chars().next() {
        None => format!("the {noun} name is empty"),
        Some(digit) if digit.is_ascii_digit() => {
            format!("a {noun} name cannot start with a digit, so write `_{name}` or spell it out")
        }
        Some(_) => {
            let illegal = name.chars().find(|letter| !legal(*letter))?;
            let better: String =
                name.chars().map(|letter| if legal(letter) { letter } else { '_' }).collect();
            let only = "letters, digits and `_`";
            if better.trim_matches('_').is_empty() {
                format!("a {noun} name is made of ASCII {only}, not `{illegal}`")
            } else {
                format!("a {noun} name is made of ASCII {only}, not `{illegal}`: write `{better}`")
            }
        }
    };
    Some(Finding::new(Rule::Grammar, message))
}
