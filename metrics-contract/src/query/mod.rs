//! `PromQL`: the tree of a query, with the place of each name.

mod parse;
mod tokens;
mod tree;

pub(crate) use parse::parse;
pub(crate) use tree::{Grouping, Join, LabelList, Matcher, MatcherOperator, Query, Selector, Side};
