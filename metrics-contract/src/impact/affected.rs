//! Panels, alerts and recordings that a change breaks.

use std::collections::BTreeSet;

use metrics_core::testing::lock::{Change, ChangeKind};

use super::reads::{Read, reads};
use crate::{
    expression::{Expression, Owner},
    query::{self, Matcher, MatcherOperator, Query},
    source::Sources,
};

/// Suffixes of series after their metric's name.
const SUFFIXES: [&str; 6] = ["", "_bucket", "_sum", "_count", "_created", "_total"];

/// A query that a change breaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Affected {
    /// The file.
    pub path: String,
    /// The line of the query's start, from 1.
    pub line: usize,
    /// The query's owner, such as a panel or an alert.
    pub owner: Owner,
}

/// Returns the queries that a change breaks, also by way of recordings.
///
/// ```
/// use metrics_contract::{Sources, SourceFile, affected};
/// use metrics_core::testing::lock::Lock;
///
/// let old: Lock = "version = 1\n[jobs]\ntype = \"gauge\"\n".parse()?;
/// let mut sources = Sources::default();
/// sources.add(SourceFile::new("a.md", "```promql\nsum(jobs)\n```\n"));
/// let changes = old.changes_to(&Lock::default());
/// assert_eq!(affected(&changes[0], &sources)[0].line, 2);
/// # Ok::<(), metrics_core::testing::lock::LockError>(())
/// ```
pub fn affected(change: &Change, sources: &Sources) -> Vec<Affected> {
    let of_recordings = sources.recordings.iter().map(|recording| &recording.expression);
    let parsed: Vec<(&Expression, Query)> = sources
        .expressions
        .iter()
        .chain(of_recordings)
        .filter_map(|expression| {
            Some((expression, expression.readings.iter().find_map(|text| query::parse(text).ok())?))
        })
        .collect();
    let mut broken = BTreeSet::new();
    let mut recordings: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = broken.len();
        for (expression, query) in &parsed {
            let is_broken =
                reads(query).iter().any(|read| breaks(change, read) || recordings.contains(read.metric));
            if is_broken
                && broken.insert(affected_of(expression))
                && let Owner::Recording(name) = &expression.owner
            {
                recordings.insert(name);
            }
        }
        if broken.len() == before {
            return broken.into_iter().collect();
        }
    }
}

fn affected_of(expression: &Expression) -> Affected {
    let start = expression.readings.first().map_or(0, |text| text.trimmed().origin(0));
    let (line, _) = expression.file.place(start);
    Affected { path: expression.file.path().to_owned(), line, owner: expression.owner.clone() }
}

/// Returns whether a change breaks what a query does with a metric.
fn breaks(change: &Change, read: &Read<'_>) -> bool {
    if let ChangeKind::ObjectiveRemoved { objective } = &change.kind {
        return read.metric.starts_with("slo:") && selects(read.matchers, "objective", objective);
    }
    let name = match &change.kind {
        ChangeKind::FormerNameRemoved { former_name } => former_name,
        _ => &change.metric,
    };
    let is_read =
        SUFFIXES.iter().any(|suffix| read.metric.strip_suffix(suffix).is_some_and(|stem| stem == name));
    if !is_read || !change.is_breaking() {
        return false;
    }
    let names = |label: &String| {
        read.listed.contains(&label.as_str()) || read.matchers.iter().any(|matcher| matcher.label == *label)
    };
    match &change.kind {
        ChangeKind::LabelRemoved { label } | ChangeKind::DomainNarrowed { label } => names(label),
        ChangeKind::ValueRemoved { label, value } => selects(read.matchers, label, value),
        ChangeKind::BucketRemoved { bound } => {
            selects(read.matchers, "le", &format!("{bound}"))
                || selects(read.matchers, "le", &format!("{bound:?}"))
        }
        ChangeKind::LabelAdded { .. } => read.is_joined,
        _ => true,
    }
}

/// Returns whether a matcher selects a value of a label by name.
fn selects(matchers: &[Matcher], label: &str, value: &str) -> bool {
    let selects = |matcher: &Matcher| match matcher.operator {
        MatcherOperator::Equal | MatcherOperator::Regex => matcher.condition.is_match(value),
        MatcherOperator::NotEqual | MatcherOperator::NotRegex => false,
    };
    matchers.iter().any(|matcher| matcher.label == label && selects(matcher))
}
