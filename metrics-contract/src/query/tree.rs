//! The tree of a query.

/// A part of a query. Places are bytes of the query's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Query {
    Selector(Selector),
    Call {
        function: &'static str,
        at: usize,
        arguments: Vec<Query>,
    },
    Aggregation {
        operator: String,
        grouping: Option<Grouping>,
        parameter: Option<Box<Query>>,
        of: Box<Query>,
    },
    Binary {
        operator: String,
        left: Box<Query>,
        right: Box<Query>,
        join: Option<Join>,
    },
    /// Brackets, a sign or a subquery around a query, which change no label.
    Wrapped(Box<Query>),
    Number,
    Text(String),
}

/// Series of a metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selector {
    /// The name, also where it is a matcher of `__name__`.
    pub(crate) metric: Option<String>,
    pub(crate) at: usize,
    pub(crate) matchers: Vec<Matcher>,
}

/// A matcher of a label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matcher {
    pub(crate) label: String,
    pub(crate) label_at: usize,
    pub(crate) operator: MatcherOperator,
    pub(crate) value: String,
    pub(crate) value_at: usize,
    /// Decides whether a value matches.
    pub(crate) condition: promql_parser::label::Matcher,
    /// Set for a matcher behind `or` in the braces.
    pub(crate) is_alternative: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatcherOperator {
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// Labels in a list, each with its place.
pub(crate) type LabelList = Vec<(String, usize)>;

/// Labels that an aggregation keeps or removes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grouping {
    /// `by`, not `without`.
    pub(crate) keeps: bool,
    pub(crate) labels: LabelList,
}

/// Labels by which two sides are joined.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Join {
    /// `on`, not `ignoring` or nothing.
    pub(crate) is_on: bool,
    pub(crate) labels: LabelList,
    /// `group_left` or `group_right`, with the labels that it takes over.
    pub(crate) many: Option<(Side, LabelList)>,
}

/// A side of a binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}
