//! The grammar of names.

use super::{Finding, Rule};

/// Whether a name is `[a-zA-Z_][a-zA-Z0-9_]*`; that of a metric may have `:` as well.
pub(crate) const fn is_legal(name: &str, colon: bool) -> bool {
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

/// What is wrong with a part of a name: a namespace, a subsystem, a unit.
pub(crate) fn name_part(part: &str, what: &str) -> Option<Finding> {
    grammar(part, what, false)
}

pub(super) fn grammar(name: &str, what: &str, colon: bool) -> Option<Finding> {
    if is_legal(name, colon) {
        return None;
    }
    let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || colon && letter == ':';
    let message = match name.chars().next() {
        None => format!("the {what} name is empty"),
        Some(digit) if digit.is_ascii_digit() => {
            format!("a {what} name cannot start with a digit, so write `_{name}` or spell it out")
        }
        Some(_) => {
            let illegal = name.chars().find(|letter| !legal(*letter))?;
            let better: String =
                name.chars().map(|letter| if legal(letter) { letter } else { '_' }).collect();
            let only = "letters, digits and `_`";
            if better.trim_matches('_').is_empty() {
                format!("a {what} name is made of ASCII {only}, not `{illegal}`")
            } else {
                format!("a {what} name is made of ASCII {only}, not `{illegal}`: write `{better}`")
            }
        }
    };
    Some(Finding::new(Rule::Grammar, message))
}
