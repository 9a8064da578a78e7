//! Metrics and labels that a query reads.

use crate::query::{Matcher, Query};

/// A metric that a query reads.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) metric: &'a str,
    pub(super) matchers: &'a [Matcher],
    /// Labels in lists around it, as after `by`.
    pub(super) listed: Vec<&'a str>,
    /// Set if single series are joined with those of another metric.
    pub(super) is_joined: bool,
}

/// Labels in the lists above a part of a query, and whether it is a side of a join.
#[derive(Clone, Debug, Default)]
struct Above<'a> {
    listed: Vec<&'a str>,
    is_joined: bool,
}

/// Returns the metrics that a query reads.
pub(super) fn reads(query: &Query) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    let mut waiting = vec![(query, Above::default())];
    while let Some((query, mut above)) = waiting.pop() {
        match query {
            Query::Selector(selector) => found.extend(selector.metric.as_deref().map(|metric| Read {
                metric,
                matchers: &selector.matchers,
                listed: above.listed,
                is_joined: above.is_joined,
            })),
            Query::Call { arguments, .. } => {
                waiting.extend(arguments.iter().map(|argument| (argument, above.clone())));
            }
            Query::Aggregation { grouping, of, .. } => {
                let labels = grouping.iter().flat_map(|grouping| &grouping.labels);
                above.listed.extend(labels.map(|(label, _)| label.as_str()));
                // What is added up has no label more for it, unless all are kept but some.
                let keeps_rest = grouping.as_ref().is_some_and(|grouping| !grouping.keeps);
                above.is_joined &= keeps_rest;
                waiting.push((&**of, above));
            }
            Query::Binary { left, right, join, .. } => {
                if let Some(join) = join {
                    let taken = join.many.iter().flat_map(|(_, labels)| labels);
                    above.listed.extend(join.labels.iter().chain(taken).map(|(label, _)| label.as_str()));
                }
                above.is_joined |= has_series(left) && has_series(right);
                waiting.extend([(&**left, above.clone()), (&**right, above)]);
            }
            Query::Wrapped(query) => waiting.push((&**query, above)),
            Query::Number | Query::Text(_) => {}
        }
    }
    found
}

/// Returns whether a query reads series, and is no number.
fn has_series(query: &Query) -> bool {
    match query {
        Query::Selector(_) | Query::Aggregation { .. } => true,
        Query::Call { function, arguments, .. } => *function != "scalar" && arguments.iter().any(has_series),
        Query::Binary { left, right, .. } => has_series(left) || has_series(right),
        Query::Wrapped(query) => has_series(query),
        Query::Number | Query::Text(_) => false,
    }
}
