//! Words for messages, and letter cases.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// "`a`, `b` and `c`".
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The tokens as people write them, the same in every version of the compiler: `From<&'a str>`.
pub(crate) fn source_text(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in tokens {
        let is_word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
        let is_lifetime = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        if after_word && (is_word || is_lifetime) {
            text.push(' ');
        }
        match &token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' | ';' => text.extend([punct.as_char(), ' ']),
                '>' if text.ends_with(" -") => text.push_str("> "),
                '-' => text.push_str(" -"),
                '+' | '=' => text.extend([' ', punct.as_char(), ' ']),
                other => text.push(other),
            },
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&source_text(group.stream()));
                text.push_str(close);
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => text.push_str(&token.to_string()),
        }
        after_word = is_word;
    }
    text
}

/// The word that `written` was probably meant to be.
pub(crate) fn nearest<'a>(written: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    words
        .map(|word| (distance(written, word), word))
        .filter(|(distance, word)| {
            *distance <= 2.min(word.len() / 2) || (written.len() > 2 && word.starts_with(written))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The number of letters to insert, remove or replace to make one word of the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut before = line;
        let mut last = line + 1;
        for (to, cell) in right.chars().zip(row.iter_mut().skip(1)) {
            let replaced = before + usize::from(from != to);
            before = *cell;
            last = replaced.min(before + 1).min(last + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A path as it is written in messages.
pub(crate) fn path(path: &syn::Path) -> String {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}

/// A letter case that `rename_all` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
}

impl Case {
    /// The cases as they are written.
    pub(crate) const ALL: [(&'static str, Self); 7] = [
        ("snake_case", Self::Snake),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
    ];

    /// A variant's name in this case.
    pub(crate) fn apply(self, variant: &str) -> String {
        match self {
            Self::Lower => variant.to_lowercase(),
            Self::Upper => variant.to_uppercase(),
            Self::Pascal => variant.to_owned(),
            Self::Camel => {
                let mut letters = variant.chars();
                letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
            }
            Self::Snake => separated(variant, '_'),
            Self::ScreamingSnake => separated(variant, '_').to_uppercase(),
            Self::Kebab => separated(variant, '-'),
        }
    }
}

/// `HttpServer` as `http_server`; a run of capitals is one word (`HTTPServer` as well).
fn separated(variant: &str, separator: char) -> String {
    let letters: Vec<char> = variant.chars().collect();
    let mut out = String::with_capacity(variant.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() && *before != '_'
                    || before.is_uppercase() && after.is_some_and(|c| c.is_lowercase())
            });
        if starts_word {
            out.push(separator);
        }
        if *letter == '_' { out.push(separator) } else { out.extend(letter.to_lowercase()) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Case, distance, listed, nearest, source_text};

    #[test]
    fn cases_of_a_variant() {
        let in_case = |case: Case| case.apply("HttpServer2Go");
        assert_eq!(in_case(Case::Snake), "http_server2_go");
        assert_eq!(in_case(Case::Kebab), "http-server2-go");
        assert_eq!(in_case(Case::Lower), "httpserver2go");
        assert_eq!(in_case(Case::Upper), "HTTPSERVER2GO");
        assert_eq!(in_case(Case::Camel), "httpServer2Go");
        assert_eq!(in_case(Case::Pascal), "HttpServer2Go");
        assert_eq!(in_case(Case::ScreamingSnake), "HTTP_SERVER2_GO");
    }

    #[test]
    fn a_run_of_capitals_is_one_word() {
        assert_eq!(Case::Snake.apply("HTTPServer"), "http_server");
        assert_eq!(Case::Snake.apply("TCP"), "tcp");
        assert_eq!(Case::Snake.apply("Half_Open"), "half_open");
    }

    #[test]
    fn the_nearest_word_is_suggested() {
        let words = ["name", "help", "labels", "buckets"];
        assert_eq!(nearest("nmae", words.into_iter()), Some("name"));
        assert_eq!(nearest("label", words.into_iter()), Some("labels"));
        assert_eq!(nearest("buck", words.into_iter()), Some("buckets"));
        assert_eq!(nearest("frobnicate", words.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn tokens_are_as_people_write_them() {
        for text in [
            "From<A>",
            "Into<Vec<&'a mut str>>",
            "Handler<Box<dyn Fn(u8, &[u8; 3]) -> Result<(), E> + Send>>",
            "Convert<app::A, Output = B>",
        ] {
            assert_eq!(source_text(text.parse().expect("tokens")), text);
        }
    }

    #[test]
    fn words_are_listed() {
        assert_eq!(listed(["a"].into_iter()), "`a`");
        assert_eq!(listed(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
    }
}
