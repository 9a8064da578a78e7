//! Rules of functions, aggregations and joins, on the way through the tree of a query.

use metrics_core::testing::lock::LabelDomain;

use super::{
    known::Known,
    labels::Labels,
    nearest::suggestion,
    recordings::RecordedShapes,
    selectors::{Problem, check_selector},
    shape::{Leaf, SeriesKind, Shape},
};
use crate::{
    finding::Rule,
    query::{Grouping, Join, LabelList, Query, Side},
    source::UNKNOWN_NAME,
};

/// Functions that are right for counters alone.
const RATES: [&str; 3] = ["rate", "irate", "increase"];
/// Aggregations whose result is some of the series as they were.
const SELECTIONS: [&str; 4] = ["topk", "bottomk", "limitk", "limit_ratio"];
/// Operators that take series of either side as they are.
const SET_OPERATORS: [&str; 3] = ["and", "or", "unless"];

/// Walk through a query that collects problems.
pub(super) struct Walk<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) recorded: &'a RecordedShapes,
    pub(super) problems: Vec<Problem>,
}

impl Walk<'_> {
    /// Checks a query and returns the shape of its result.
    pub(super) fn query(&mut self, query: &Query) -> Shape {
        match query {
            Query::Selector(selector) => {
                check_selector(selector, self.known, self.recorded, &mut self.problems)
            }
            Query::Call { function, at, arguments } => self.call(function, *at, arguments),
            Query::Aggregation { operator, grouping, parameter, of } => {
                if let Some(parameter) = parameter {
                    self.query(parameter);
                }
                let shape = self.query(of);
                self.aggregation(operator, grouping.as_ref(), parameter.as_deref(), shape)
            }
            Query::Binary { operator, left, right, join } => {
                let (left, right) = (self.query(left), self.query(right));
                self.binary(operator, left, right, join.as_ref())
            }
            Query::Wrapped(query) => self.query(query),
            Query::Number | Query::Text(_) => Shape::scalar(),
        }
    }

    fn problem(&mut self, rule: Rule, at: usize, message: String) {
        self.problems.push(Problem { rule, at, message });
    }

    fn call(&mut self, function: &str, at: usize, arguments: &[Query]) -> Shape {
        let mut shapes: Vec<_> = arguments.iter().map(|argument| self.query(argument)).collect();
        let text = |index: usize| match arguments.get(index) {
            Some(Query::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let vector = shapes.iter().position(|shape| !shape.is_scalar);
        let Some(mut shape) = vector.map(|index| shapes.swap_remove(index)) else {
            return if function == "vector" {
                Shape { is_scalar: false, ..Shape::scalar() }
            } else {
                Shape::scalar()
            };
        };
        match function {
            _ if RATES.contains(&function) => {
                self.rate(function, &shape);
                shape.kind = shape.kind.rate();
            }
            "histogram_quantile" => {
                self.quantile(at, &shape);
                shape.labels = shape.labels.remove(["le"]);
                shape.kind = SeriesKind::Gauge;
            }
            "label_replace" | "label_join" => {
                if let Some(label) = text(1) {
                    shape.labels.insert(label, LabelDomain::Any);
                }
            }
            "absent" | "absent_over_time" | "info" => {
                shape = Shape { leaves: shape.leaves, ..Shape::unknown() }
            }
            "scalar" => shape = Shape { leaves: shape.leaves, ..Shape::scalar() },
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" | "last_over_time" => {}
            _ => shape.kind = shape.kind.aggregated(),
        }
        shape
    }

    fn rate(&mut self, function: &str, shape: &Shape) {
        if shape.kind != SeriesKind::Gauge {
            return;
        }
        if let [Leaf { name, at, .. }] = shape.leaves.as_slice() {
            let message =
                format!("`{name}` is a gauge, of which `{function}` makes no sense; use `deriv` or `delta`");
            self.problem(Rule::RateOfGauge, *at, message);
        }
    }

    fn quantile(&mut self, at: usize, shape: &Shape) {
        let is_wrong = |leaf: &&Leaf| matches!(leaf.kind, SeriesKind::Counter | SeriesKind::Gauge);
        // A fallback beside the buckets, such as `or vector(0)`, is no mistake.
        let has_buckets = shape.leaves.iter().any(|leaf| !is_wrong(&leaf));
        let wrong = shape.leaves.iter().find(is_wrong).filter(|_| !has_buckets);
        if let Some(Leaf { name, at, kind }) = wrong {
            let message =
                format!("`{name}` is {} and no histogram; read the `_bucket` of one", kind.as_str());
            self.problem(Rule::QuantileOfNoHistogram, *at, message);
        } else if shape.kind != SeriesKind::NativeHistogram && !shape.labels.contains("le") {
            let message = "the series have lost the label `le`; keep it, as in `sum by (le) (…)`".to_owned();
            self.problem(Rule::QuantileWithoutLe, at, message);
        }
    }

    fn aggregation(
        &mut self,
        operator: &str,
        grouping: Option<&Grouping>,
        parameter: Option<&Query>,
        shape: Shape,
    ) -> Shape {
        if let Some(Grouping { labels, .. }) = grouping {
            self.check_list(labels, &[("the series", &shape.labels)]);
        }
        if SELECTIONS.contains(&operator) {
            return shape;
        }
        let mut labels = match grouping {
            Some(Grouping { keeps: true, labels }) => shape.labels.keep(names(labels)),
            Some(Grouping { keeps: false, labels }) => shape.labels.remove(names(labels)),
            None => Labels::default(),
        };
        if let ("count_values", Some(Query::Text(label))) = (operator, parameter) {
            labels.insert(label.clone(), LabelDomain::Any);
        }
        let kind = if operator.starts_with("count") || operator == "group" {
            SeriesKind::Gauge
        } else {
            shape.kind.aggregated()
        };
        Shape { labels, kind, ..shape }
    }

    fn binary(&mut self, operator: &str, left: Shape, right: Shape, join: Option<&Join>) -> Shape {
        match (left.is_scalar, right.is_scalar) {
            (true, true) => return Shape::scalar(),
            (false, true) => return Shape { kind: left.kind.aggregated(), ..left },
            (true, false) => return Shape { kind: right.kind.aggregated(), ..right },
            (false, false) => {}
        }
        if let Some(join) = join {
            self.join(join, &left.labels, &right.labels);
        }
        let is_set = SET_OPERATORS.contains(&operator);
        let labels = match (operator, join) {
            ("or", _) => left.labels.union(right.labels),
            ("and" | "unless", _) | (_, None) => left.labels,
            (_, Some(Join { many: Some((side, taken)), .. })) => {
                let (many, one) = match side {
                    Side::Left => (left.labels, right.labels),
                    Side::Right => (right.labels, left.labels),
                };
                let mut labels = many;
                for label in names(taken) {
                    labels.insert(label, one.domain(label).cloned().unwrap_or(LabelDomain::Any));
                }
                labels
            }
            (_, Some(Join { is_on: true, labels, .. })) => left.labels.keep(names(labels)),
            (_, Some(Join { labels, .. })) => left.labels.remove(names(labels)),
        };
        let kind = if is_set && left.kind == right.kind { left.kind } else { SeriesKind::Other };
        Shape { labels, kind, is_scalar: false, leaves: [left.leaves, right.leaves].concat() }
    }

    fn join(&mut self, join: &Join, left: &Labels, right: &Labels) {
        if join.is_on {
            self.check_list(&join.labels, &[("the left side", left), ("the right side", right)]);
        } else {
            let both = left.clone().union(right.clone());
            self.check_list(&join.labels, &[("either side", &both)]);
        }
        match &join.many {
            Some((Side::Left, taken)) => self.check_list(taken, &[("the right side", right)]),
            Some((Side::Right, taken)) => self.check_list(taken, &[("the left side", left)]),
            None => {}
        }
    }

    /// Checks that all of some sides have the labels of a list.
    fn check_list(&mut self, list: &LabelList, sides: &[(&str, &Labels)]) {
        for (label, at) in list {
            if label.contains(UNKNOWN_NAME) || label == "__name__" {
                continue;
            }
            let missing = sides.iter().find(|(_, labels)| !labels.contains(label));
            if let Some((side, labels)) = missing {
                let nearest = suggestion(label, labels.names());
                let message =
                    format!("{side} has no label `{label}`{nearest}").replace("series has", "series have");
                self.problem(Rule::UnknownGroupingLabel, *at, message);
            }
        }
    }
}

fn names(list: &LabelList) -> impl Iterator<Item = &str> {
    list.iter().map(|(label, _)| label.as_str())
}
