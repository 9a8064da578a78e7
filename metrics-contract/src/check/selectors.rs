//! Rules of selectors: names of metrics, labels, and values.

use metrics_core::testing::lock::LabelDomain;

use super::{
    known::{Found, Known},
    labels::Labels,
    nearest::suggestion,
    recordings::RecordedShapes,
    shape::{Leaf, SeriesKind, Shape},
};
use crate::{
    finding::Rule,
    query::{Matcher, MatcherOperator, Selector},
    source::{UNKNOWN_NAME, UNKNOWN_VALUE},
};

/// A place of a query that breaks a rule.
pub(super) struct Problem {
    pub(super) rule: Rule,
    /// Byte of the query.
    pub(super) at: usize,
    pub(super) message: String,
}

/// Checks a selector and returns the shape of its series.
pub(super) fn check_selector(
    selector: &Selector,
    known: &Known<'_>,
    recorded: &RecordedShapes,
    problems: &mut Vec<Problem>,
) -> Shape {
    let Some(name) = &selector.metric else {
        check_name_pattern(selector, known, recorded, problems);
        return Shape::unknown();
    };
    if name.contains(UNKNOWN_NAME) || name.contains(UNKNOWN_VALUE) {
        return Shape::unknown();
    }
    let Some((labels, kind)) = series(name, selector.at, known, recorded, problems) else {
        return Shape::unknown();
    };
    for matcher in &selector.matchers {
        check_matcher(name, matcher, &labels, problems);
    }
    let leaves = vec![Leaf { name: name.clone(), at: selector.at, kind }];
    Shape { labels, kind, is_scalar: false, leaves }
}

/// Finds the series of a name among recordings and metrics.
fn series(
    name: &str,
    at: usize,
    known: &Known<'_>,
    recorded: &RecordedShapes,
    problems: &mut Vec<Problem>,
) -> Option<(Labels, SeriesKind)> {
    if let Some(shape) = recorded.get(name) {
        return Some((shape.labels.clone(), shape.kind));
    }
    let (rule, message) = match known.find(name) {
        Found::Series(series) => {
            if let Some(present) = series.present_name {
                let message = format!("`{name}` is a former name of `{present}`");
                problems.push(Problem { rule: Rule::FormerName, at, message });
            }
            return Some((series.labels, series.kind));
        }
        Found::NoSeries(reason) => (Rule::UnknownSuffix, reason),
        Found::Nothing if name.contains(':') => {
            let nearest = known.suggestion(name, recorded.names());
            (Rule::UnknownRecording, format!("no rule records `{name}`{nearest}"))
        }
        Found::Nothing => {
            let nearest = known.suggestion(name, recorded.names());
            (Rule::UnknownMetric, format!("no metric `{name}` is exposed{nearest}"))
        }
    };
    problems.push(Problem { rule, at, message });
    None
}

/// Checks that a regular expression for names matches one.
fn check_name_pattern(
    selector: &Selector,
    known: &Known<'_>,
    recorded: &RecordedShapes,
    problems: &mut Vec<Problem>,
) {
    for matcher in &selector.matchers {
        let is_pattern = matcher.label == "__name__" && matcher.operator == MatcherOperator::Regex;
        if !is_pattern || known.has_patterns() || matcher.value.contains(UNKNOWN_VALUE) {
            continue;
        }
        if !known.names().chain(recorded.names()).any(|name| matcher.condition.is_match(name)) {
            let message = format!("no metric matches `{}`", matcher.value);
            problems.push(Problem { rule: Rule::UnknownMetric, at: matcher.value_at, message });
        }
    }
}

fn check_matcher(metric: &str, matcher: &Matcher, labels: &Labels, problems: &mut Vec<Problem>) {
    let Matcher { label, label_at, value, value_at, .. } = matcher;
    if label == "__name__" || value.contains(UNKNOWN_VALUE) && labels.contains(label) {
        return;
    }
    let Some(domain) = labels.domain(label) else {
        let asks_for_absence = matcher.operator == MatcherOperator::Equal && value.is_empty();
        if !labels.is_open() && !asks_for_absence {
            let nearest = suggestion(label, labels.names());
            let message = format!("`{metric}` has no label `{label}`{nearest}");
            problems.push(Problem { rule: Rule::UnknownLabel, at: *label_at, message });
        }
        return;
    };
    if let Some(message) = impossible_value(matcher, domain) {
        problems.push(Problem { rule: Rule::ImpossibleValue, at: *value_at, message });
    }
}

/// Returns the reason for which a matcher selects nothing, or excludes nothing, of a finite set of values.
fn impossible_value(matcher: &Matcher, domain: &LabelDomain) -> Option<String> {
    let LabelDomain::Values(values) = domain else { return None };
    let label = &matcher.label;
    let impossible = |value: &str| {
        let nearest = suggestion(value, values.iter().map(String::as_str));
        format!("`{label}` never has the value {value:?}{nearest}")
    };
    match matcher.operator {
        MatcherOperator::NotEqual if matcher.value.is_empty() => None,
        MatcherOperator::Equal | MatcherOperator::NotEqual => {
            (!values.contains(&matcher.value)).then(|| impossible(&matcher.value))
        }
        MatcherOperator::Regex | MatcherOperator::NotRegex => {
            if let Some(alternatives) = literal_alternatives(&matcher.value) {
                let mut wrong = alternatives.into_iter().filter(|value| !values.contains(*value));
                return wrong.find(|value| !value.is_empty()).map(impossible);
            }
            let selects = |value: &str| {
                matcher.condition.is_match(value) == (matcher.operator == MatcherOperator::Regex)
            };
            // One for the empty value as well is about series without the label.
            let any = selects("") || values.iter().any(|value| selects(value));
            (!any).then(|| format!("`{label}` never has a value that matches `{}`", matcher.value))
        }
    }
}

/// Returns the alternatives of a regular expression that is made of plain texts and `|` alone.
fn literal_alternatives(regex: &str) -> Option<Vec<&str>> {
    let inside = regex.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(regex);
    let is_plain =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '/' | ' ' | ':');
    let alternatives: Vec<_> = inside.split('|').collect();
    alternatives.iter().all(|alternative| alternative.chars().all(is_plain)).then_some(alternatives)
}
