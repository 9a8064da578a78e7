//! Reader of pages in the text format.

use std::collections::BTreeMap;

/// A family of a page.
#[derive(Debug, Default)]
pub(super) struct PageFamily {
    /// The type, where the page says it.
    pub(super) kind: Option<String>,
    /// The labels of each sample, with the sample's name.
    pub(super) samples: Vec<(String, Vec<(String, String)>)>,
}

/// Suffixes of samples after their family's name.
const SUFFIXES: [&str; 5] = ["_bucket", "_sum", "_count", "_created", "_total"];

/// Returns the families of a page by name. Lines that are no samples are skipped.
pub(super) fn families(page: &str) -> BTreeMap<String, PageFamily> {
    let mut families: BTreeMap<String, PageFamily> = BTreeMap::new();
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let mut words = rest.split_whitespace();
            if let (Some(name), Some(kind)) = (words.next(), words.next()) {
                families.entry(name.to_owned()).or_default().kind = Some(kind.to_owned());
            }
        } else if let Some((name, labels)) = sample(line) {
            let with_type = |name: &str| families.get(name).is_some_and(|family| family.kind.is_some());
            let stem =
                SUFFIXES.iter().filter_map(|suffix| name.strip_suffix(suffix)).find(|stem| with_type(stem));
            let family = if with_type(name) { name } else { stem.unwrap_or(name) };
            families.entry(family.to_owned()).or_default().samples.push((name.to_owned(), labels));
        }
    }
    families
}

/// Returns the name and the labels of a sample's line.
fn sample(line: &str) -> Option<(&str, Vec<(String, String)>)> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | ':');
    let end = line.find(|character| !is_name(character))?;
    let (name, rest) = line.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    let Some(mut rest) = rest.strip_prefix('{') else { return Some((name, Vec::new())) };
    let mut labels = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if rest.starts_with('}') {
            return Some((name, labels));
        }
        let (label, after) = rest.split_once("=\"")?;
        let (value, after) = value(after)?;
        labels.push((label.to_owned(), value));
        rest = after;
    }
}

/// Returns the value before the next quote, and the text after that.
fn value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    loop {
        match characters.next()? {
            (at, '"') => return Some((value, text.get(at + 1..)?)),
            (_, '\\') => value.push(match characters.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            (_, other) => value.push(other),
        }
    }
}
