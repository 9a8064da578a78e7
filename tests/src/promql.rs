//! The `PromQL` expressions of the repository, and the metrics and labels that an expression names.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::artefact;

/// Keywords that could be taken for names of metrics.
const WORDS: &[&str] = &["and", "or", "unless", "bool", "offset", "atan2", "start", "end", "inf", "nan"];
/// Keywords before a list of labels.
const LISTS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];

/// An expression and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expression {
    /// Path in the workspace, and the panel or the line.
    pub place: String,
    /// Expression.
    pub text: String,
}

/// Metrics and labels that an expression names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Metrics, each with the labels of its selector.
    pub selectors: BTreeSet<(String, BTreeSet<String>)>,
    /// Labels in lists, such as those after `by`.
    pub listed: BTreeSet<String>,
}

/// Finds the metrics and labels that an expression names.
pub fn names(expression: &str) -> Names {
    let mut names = Names::default();
    let tokens = tokens(expression);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if !is_name(token) || WORDS.contains(&token.to_lowercase().as_str()) {
            continue;
        }
        match tokens.get(at).map(String::as_str) {
            _ if LISTS.contains(&token.as_str()) => {
                let (list, end) = inside(&tokens, at, "(", ")");
                names.listed.extend(list.into_iter().filter(|token| is_name(token)).cloned());
                at = end;
            }
            Some("(") => {}
            // An aggregation with its labels first: sum by (…) (…).
            Some(next) if LISTS.contains(&next) => {}
            Some("{") => {
                let (list, end) = inside(&tokens, at, "{", "}");
                let labels = list.into_iter().filter(|token| is_name(token)).cloned().collect();
                names.selectors.insert((token.clone(), labels));
                at = end;
            }
            _ => {
                names.selectors.insert((token.clone(), BTreeSet::new()));
            }
        }
    }
    names
}

/// Returns the tokens between two brackets, and the position after them.
fn inside<'a>(tokens: &'a [String], open: usize, opening: &str, closing: &str) -> (Vec<&'a String>, usize) {
    if tokens.get(open).is_none_or(|token| token != opening) {
        return (Vec::new(), open);
    }
    let list: Vec<_> = tokens.iter().skip(open + 1).take_while(|token| *token != closing).collect();
    let end = open + list.len() + 2;
    (list, end)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// Splits an expression into names and single characters, without strings, durations and comments.
fn tokens(expression: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => string(rest, first),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_ascii_alphanumeric() || matches!(first, '_' | '.' | '$') => {
                let word =
                    |other: char| other.is_ascii_alphanumeric() || matches!(other, '_' | ':' | '.' | '$');
                let length = rest.find(|other| !word(other)).unwrap_or(rest.len());
                tokens.push(rest[..length].to_owned());
                length
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push(first.to_string());
                }
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\\' if !escaped => escaped = true,
            _ if character == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Returns the expressions of all dashboards of the repository, its JSON files with panels.
pub fn dashboards() -> Vec<Expression> {
    let mut found = Vec::new();
    for file in files("json") {
        let dashboard: Value = serde_json::from_str(&read(&file)).unwrap_or_default();
        if dashboard["panels"].is_array() {
            collect(&dashboard, &shown(&file), &mut found);
        }
    }
    found
}

fn collect(value: &Value, place: &str, found: &mut Vec<Expression>) {
    let place = match value["title"].as_str() {
        Some(title) => &format!("{place}, {title}"),
        None => place,
    };
    if let Some(text) = value["expr"].as_str() {
        found.push(Expression { place: place.to_owned(), text: filled(text) });
    }
    let inner: Vec<_> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(elements) => elements.iter().collect(),
        _ => Vec::new(),
    };
    for value in inner {
        collect(value, place, found);
    }
}

/// Replaces Grafana's variables in an expression by values.
fn filled(expression: &str) -> String {
    let durations = [("$__rate_interval", "1m"), ("$__interval", "1m"), ("$__range", "1h")];
    let selections = [("$job", ".*"), ("$instance", ".*")];
    let fill = |text: String, (variable, value): &(&str, &str)| text.replace(variable, value);
    durations.iter().chain(&selections).fold(expression.to_owned(), fill)
}

/// Returns the expressions in the `promql` blocks of all Markdown files of the repository. An expression ends with a line at whose
/// end all brackets are closed.
pub fn documents() -> Vec<Expression> {
    let mut found = Vec::new();
    for file in files("md") {
        let (mut inside, mut text) = (false, String::new());
        for (index, line) in read(&file).lines().enumerate() {
            let fence = line.trim_start().strip_prefix("```");
            if let Some(language) = fence {
                inside = language == "promql";
            } else if inside && !line.trim().is_empty() {
                text.push_str(line);
                text.push('\n');
                let count = |brackets: [char; 3]| text.matches(brackets).count();
                if count(['(', '{', '[']) == count([')', '}', ']']) {
                    let place = format!("{}:{}", shown(&file), index + 1);
                    found.push(Expression { place, text: filled(text.trim()) });
                    text.clear();
                }
            }
        }
        assert!(text.is_empty(), "{} ends inside of {text}", shown(&file));
    }
    found
}

/// Returns the files of the repository with an extension, without build results.
pub fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![artefact::workspace().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if name != "target" && !name.to_string_lossy().starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(artefact::workspace()).unwrap_or(file).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::{filled, names};

    fn shown(expression: &str) -> (Vec<String>, Vec<String>) {
        let names = names(expression);
        let selector = |(metric, labels): (String, std::collections::BTreeSet<String>)| {
            labels.into_iter().fold(metric, |text, label| format!("{text} {label}"))
        };
        (names.selectors.into_iter().map(selector).collect(), names.listed.into_iter().collect())
    }

    #[test]
    fn metrics_labels_and_lists_are_told_apart() {
        for (expression, selectors, listed) in [
            ("up", vec!["up"], vec![]),
            ("up{job=\"x\", a!~'}'} == 0", vec!["up a job"], vec![]),
            (
                "histogram_quantile(0.95, sum by (job, le) (rate(a_bucket[5m])))",
                vec!["a_bucket"],
                vec!["job", "le"],
            ),
            ("sum(rate(a_total[5m])) by (x) / on (y) group_left () b", vec!["a_total", "b"], vec!["x", "y"]),
            ("(sum(rate(a{s=~\"5..\"}[1m])) or 0 * job:b:c) > bool 1e3 # up", vec!["a s", "job:b:c"], vec![]),
            ("a offset 5m unless Inf", vec!["a"], vec![]),
        ] {
            let (found, lists) = shown(expression);
            assert_eq!(
                (found, lists),
                (
                    selectors.into_iter().map(String::from).collect(),
                    listed.into_iter().map(String::from).collect()
                ),
                "{expression}"
            );
        }
    }

    #[test]
    fn grafanas_variables_are_filled() {
        assert_eq!(filled("rate(a{job=~\"$job\"}[$__rate_interval])"), "rate(a{job=~\".*\"}[1m])");
    }
}
