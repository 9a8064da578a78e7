//! A route's pattern, split where a path is split: at each `/`.

use std::{iter::Peekable, mem, str::Chars};

use regex::Regex;

/// What a segment of a path has to be.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    Text(String),
    /// Anything but nothing.
    Variable,
    /// What an expression matches, with so many variables.
    Expression(Regex, usize),
}

/// What comes after the last segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing.
    Here,
    /// A variable that takes all the segments that are left, at least one.
    Tail,
    /// Something that only actix can tell.
    Unknown,
}

/// The segments of a pattern, or of its beginning where not all of it is understood.
pub(crate) fn segments(pattern: &str) -> (Vec<Segment>, End) {
    let mut segments = Vec::new();
    if pattern.is_empty() {
        return (segments, End::Here);
    }
    let Some(mut left) = pattern.strip_prefix('/') else { return (segments, End::Unknown) };
    loop {
        let Some((part, after)) = split(left) else { return (segments, End::Unknown) };
        if after.is_none() && is_tail(part) {
            return (segments, End::Tail);
        }
        let Some(segment) = segment(part) else { return (segments, End::Unknown) };
        segments.push(segment);
        match after {
            Some(after) => left = after,
            None => return (segments, End::Here),
        }
    }
}

/// How many variables segments have.
pub(crate) fn variables(segments: &[Segment]) -> usize {
    let variables = |segment: &Segment| match segment {
        Segment::Text(_) => 0,
        Segment::Variable => 1,
        Segment::Expression(_, variables) => *variables,
    };
    segments.iter().map(variables).sum()
}

/// What comes before the first `/` that is not inside of a variable, and what comes after it.
fn split(pattern: &str) -> Option<(&str, Option<&str>)> {
    let mut depth = 0_usize;
    for (at, character) in pattern.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            '/' if depth == 0 => return Some((&pattern[..at], Some(&pattern[at + 1..]))),
            _ => {}
        }
    }
    (depth == 0).then_some((pattern, None))
}

fn is_tail(part: &str) -> bool {
    let Some(part) = part.strip_prefix('{') else { return false };
    let name = part.strip_suffix("}*").or_else(|| part.strip_suffix(":.*}"));
    name.is_some_and(|name| !name.contains(['{', '}', ':']))
}

/// A segment, if it is known to take no `/`.
fn segment(part: &str) -> Option<Segment> {
    if !part.contains(['{', '}', '*']) {
        return Some(Segment::Text(part.into()));
    }
    let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
    if name.is_some_and(|name| !name.contains(['{', '}', ':'])) {
        return Some(Segment::Variable);
    }
    let (mut expression, mut variables, mut left) = (String::from("^"), 0, part);
    while let Some((text, from)) = left.split_once('{') {
        let (variable, after) = from.split_at(end_of_variable(from)?);
        expression += &literal(text)?;
        expression += "(?:";
        expression += variable_expression(variable)?;
        expression.push(')');
        variables += 1;
        left = &after[1..];
    }
    expression += &literal(left)?;
    expression.push('$');
    Some(Segment::Expression(Regex::new(&expression).ok()?, variables))
}

/// Where the bracket is that closes a variable.
fn end_of_variable(from: &str) -> Option<usize> {
    let mut depth = 1_usize;
    from.find(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// A text of a pattern as an expression.
fn literal(text: &str) -> Option<String> {
    (!text.contains(['}', '*'])).then(|| regex::escape(text))
}

fn variable_expression(variable: &str) -> Option<&str> {
    match variable.split_once(':') {
        None => Some("[^/]+"),
        Some((_, expression)) => stays_in_segment(expression).then_some(expression),
    }
}

/// Whether an expression is one of those that surely take no `/` and do not look at what is around them.
fn stays_in_segment(expression: &str) -> bool {
    let mut characters = expression.chars().peekable();
    while let Some(character) = characters.next() {
        let fits = match character {
            '\\' => characters.next().is_some_and(is_harmless_escape),
            '[' => is_harmless_class(&mut characters),
            '(' if characters.peek() == Some(&'?') => {
                characters.next();
                characters.next() == Some(':')
            }
            '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | ',' | '-' | '_' | '~' | '@' => true,
            other => other.is_ascii_alphanumeric(),
        };
        if !fits {
            return false;
        }
    }
    true
}

const fn is_harmless_escape(character: char) -> bool {
    matches!(character, 'd' | 'w' | '.' | '-' | '_' | '+')
}

/// Reads a class of characters up to its end.
fn is_harmless_class(characters: &mut Peekable<Chars<'_>>) -> bool {
    // Whether the character before can begin a range; between letters and digits there is no `/`.
    let mut begins_range = None;
    let mut in_range = false;
    while let Some(character) = characters.next() {
        let ends = characters.peek() == Some(&']');
        begins_range = Some(match character {
            ']' => return begins_range.is_some() && !in_range,
            _ if character.is_ascii_alphanumeric() => !mem::take(&mut in_range),
            _ if in_range => return false,
            '-' if begins_range == Some(true) && !ends => {
                in_range = true;
                false
            }
            '-' if begins_range.is_none() || ends => false,
            '_' | '.' | '+' | '@' => false,
            '\\' if characters.next().is_some_and(is_harmless_escape) => false,
            _ => return false,
        });
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> String {
        let (segments, end) = segments(pattern);
        let show = |segment: &Segment| match segment {
            Segment::Text(text) => ["/", text].concat(),
            Segment::Variable => "/{}".into(),
            Segment::Expression(expression, variables) => format!("/{variables}:{expression}"),
        };
        let shown: String = segments.iter().map(show).collect();
        match end {
            End::Here => shown,
            End::Tail => shown + "/{}*",
            End::Unknown => shown + "/?",
        }
    }

    #[test]
    fn patterns_are_split_by_segment() {
        for (pattern, expected) in [
            ("", ""),
            ("/", "/"),
            ("//a:b/", "//a:b/"),
            ("/users/{id}/", "/users/{}/"),
            ("/files/{path}*", "/files/{}*"),
            ("/files/{path:.*}", "/files/{}*"),
            (r"/n/{id:\d+}/x", r"/n/1:^(?:\d+)$/x"),
            ("/v{a}.{b}/x", r"/2:^v(?:[^/]+)\.(?:[^/]+)$/x"),
            ("/{id:[0-9a-f]{8}}", "/1:^(?:[0-9a-f]{8})$"),
            ("/{lang:en|de(?:-ch)?}", "/1:^(?:en|de(?:-ch)?)$"),
            ("users", "/?"),
            ("/a/{x:.+}/b", "/a/?"),
            ("/a/{x:b/c}/d", "/a/?"),
            ("/a/b{path}*", "/a/?"),
            ("/a/*", "/a/?"),
            ("/{path}*/x", "/?"),
            ("/{path:.*}/x", "/?"),
            ("/{a", "/?"),
            ("/a}", "/?"),
        ] {
            assert_eq!(shown(pattern), expected, "{pattern}");
        }
        let (segments, _) = segments("/a/{b}/{c}-{d}");
        assert_eq!(variables(&segments), 3);
    }

    const BELIEVED: [&str; 12] = [
        r"\d+",
        r"\w{2,}",
        "[a-z0-9]+",
        "[a-z][a-z0-9_.-]*",
        "[0-z]",
        "[-+]?[0-9]+",
        r"[\w.]+",
        r"[\w\-]+",
        "[_a-f]?",
        "[A-Za-z]|x",
        "(a|b)+",
        "en|de(?:-ch)?",
    ];

    const UNBELIEVED: [&str; 18] = [
        "[^a]",
        ".",
        "a.c",
        r"\D",
        "[+-9]",
        "[.-9]",
        "^a",
        "a$",
        r"\ba",
        "(?i)a",
        "(?P<x>a)",
        "[]",
        "[a",
        "[a-.]",
        "[[:word:]]",
        "[a&&b]",
        r"\x2f",
        r"\pL",
    ];

    #[test]
    fn only_expressions_that_stay_in_their_segment_are_believed() {
        for expression in UNBELIEVED {
            assert!(!stays_in_segment(expression), "{expression}");
        }
        // Whatever is believed does not match with a `/`.
        for expression in BELIEVED {
            assert!(stays_in_segment(expression), "{expression}");
            let expression = Regex::new(&format!("^(?:{expression})$")).expect("legal");
            assert!(
                !["/", "a/", "/a", "a/a", "1/2"].iter().any(|text| expression.is_match(text)),
                "{expression}"
            );
        }
    }
}
