//! Checks of a group's names and labels at compile time.

use metrics_lint::{self as lint, Rule};

use super::{
    const_string::ConstString,
    names::{GroupMetrics, GroupNames, NamedMetric},
};
use crate::label::{Dimension, any_capped, product, same_text};

type Message = ConstString<512>;

/// Checks the names of one field against the rules, and against the names of the fields before it.
///
/// # Panics
///
/// Panics if a rule is broken; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_names(group: &GroupNames, field: usize, allowed: &[&str]) {
    let all = GroupMetrics::of(group);
    let mut at = 0;
    while let Some(metric) = all.get(at) {
        if metric.field == field {
            assert_style(metric, allowed);
            let mut before = 0;
            while before < at {
                if let Some(other) = all.get(before)
                    && other.field != field
                {
                    assert_apart(metric, other, allowed);
                }
                before += 1;
            }
        }
        at += 1;
    }
}

/// Checks the name and the unit of one metric.
#[track_caller]
const fn assert_style(full: &NamedMetric, allowed: &[&str]) {
    let name = full.name.as_str();
    let rule = match lint::first_broken_rule(name, full.metric.metric_type.lint_type(), full.metric.allowed) {
        Some(rule) => rule,
        None => match full.metric.unit {
            Some(unit) if !lint::fits_unit(name, unit) && !full.allows(Rule::UnitSuffix) => Rule::UnitSuffix,
            Some(_) | None => return,
        },
    };
    if lint::listed(rule.name(), allowed) {
        return;
    }
    let message = Message::new().with("`").with(name).with("`: ").with(rule.sentence());
    let message = if rule.name().is_empty() {
        message
    } else {
        message.with(" (or opt out: `allow(").with(rule.name()).with(")`)")
    };
    panic!("{}", message.as_str());
}

/// Checks that two metrics of a group do not share series.
#[track_caller]
const fn assert_apart(metric: &NamedMetric, other: &NamedMetric, allowed: &[&str]) {
    let (name, other_name) = (metric.name.as_str(), other.name.as_str());
    if same_text(name, other_name) {
        assert_one_family(metric, other, allowed);
    } else if let Some(first) = lint::clash(
        (name, metric.metric.metric_type.lint_type()),
        (other_name, other.metric.metric_type.lint_type()),
    ) && !(metric.allows(Rule::SuffixClash) || other.allows(Rule::SuffixClash))
        && !lint::listed(Rule::SuffixClash.name(), allowed)
    {
        let (owner, taken) = if first { (metric, other_name) } else { (other, name) };
        let message = Message::new().with("`").with(taken).with("` is also a series of the ");
        let message = message.with(owner.metric.metric_type.as_str()).with(" `").with(owner.name.as_str());
        let message =
            message.with("`, and both are in this group: rename one (or opt out: `allow(suffix_clash)`)");
        panic!("{}", message.as_str());
    }
}

/// Checks that two metrics of one name are one family: they have the same type, label names, help text and unit, and a constant
/// label with different values.
#[track_caller]
const fn assert_one_family(metric: &NamedMetric, other: &NamedMetric, allowed: &[&str]) {
    let (metric_type, other_type) = (metric.metric.metric_type.as_str(), other.metric.metric_type.as_str());
    let message = Message::new().with("`").with(metric.name.as_str());
    if !same_text(metric_type, other_type) {
        let message = message.with("` is a ").with(other_type).with(" and a ").with(metric_type);
        panic!("{}", message.with(" in this group: rename one").as_str());
    }
    assert!(
        metric.has_only_labels_of(other) && other.has_only_labels_of(metric),
        "{}",
        message.with("` is in this group twice, with other labels: rename one").as_str()
    );
    let is_allowed = metric.allows(Rule::DuplicateName)
        || other.allows(Rule::DuplicateName)
        || lint::listed(Rule::DuplicateName.name(), allowed);
    if !metric.has_own_constant(other) && !is_allowed {
        let message =
            message.with("` is in this group twice: rename one, write `nested = \"…\"`, or tell them apart");
        let message = message.with(" by a constant label (or opt out: `allow(duplicate_name)`)");
        panic!("{}", message.as_str());
    }
    // With `allow`, usually only one of the two exists, by `#[cfg]` or `when`.
    if !is_allowed {
        assert_one_meaning(metric, other, &message);
    }
}

/// Checks that the metrics of a family have one help text and one unit.
#[track_caller]
const fn assert_one_meaning(metric: &NamedMetric, other: &NamedMetric, message: &Message) {
    let what = if !same_text(metric.metric.help, other.metric.help) {
        "help texts"
    } else if !same_unit(metric.metric.unit, other.metric.unit) {
        "units"
    } else {
        return;
    };
    let message = message
        .with("` is in this group with two ")
        .with(what)
        .with(", and a family has one: write the same");
    panic!("{}", message.as_str());
}

const fn same_unit(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same_text(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Checks the labels of a field: constant ones against variable ones, and the number of series.
///
/// # Panics
///
/// Panics if two labels have one name or there are too many series; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_labels(dimensions: &[Dimension], constants: &[&str], many: bool) {
    let mut at = 0;
    while at < dimensions.len() {
        let mut other = 0;
        while other < constants.len() {
            assert!(
                !same_text(dimensions[at].name(), constants[other]),
                "a constant label has the name of a label that varies: rename one"
            );
            other += 1;
        }
        let mut before = 0;
        while before < at {
            assert!(
                !same_text(dimensions[at].name(), dimensions[before].name()),
                "two labels have one name: rename one, or for a tuple write a struct with `#[derive(LabelSet)]`"
            );
            before += 1;
        }
        at += 1;
    }
    assert!(
        many || any_capped(dimensions) || product(dimensions) <= lint::MOST_SERIES,
        "the labels make more than 1000 series, all of them there from the start: take a label away, or say \
         `allow(label_product)`"
    );
}

/// Returns whether the metric's name contains the name of one of the labels.
pub const fn has_label_in_name(prefix: &str, name: &str, dimensions: &[Dimension]) -> bool {
    let full = ConstString::<128>::new().with(prefix).with("_").with(name);
    let mut at = 0;
    while at < dimensions.len() {
        if lint::is_in_name(full.as_str(), dimensions[at].name()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Returns whether a family has enough series for a warning and too few for an error.
pub const fn has_many_series(dimensions: &[Dimension]) -> bool {
    let series = product(dimensions);
    !any_capped(dimensions) && series > lint::MOST_SERIES_WITHOUT_ADVICE && series <= lint::MOST_SERIES
}
