//! The rules for names: Prometheus' grammar, `promtool check metrics`, what `OpenMetrics` adds, and advice.
//!
//! One source for three uses: the macros check what is written, metrics-core checks constants while compiling and definitions at
//! run time (it includes this folder). So what decides is `const`, and what words a message is plain Rust over `&str`. Each
//! finding has the name of its rule, by which it can be allowed, and says what to write instead.

mod advice;
mod clash;
mod grammar;
mod label;
mod rule;
mod style;
mod text;
mod unit;

pub(crate) use self::{
    advice::{
        MOST_SERIES_WITHOUT_ADVICE, advice_on_label, advice_on_name, in_name, is_in_name, no_namespace,
    },
    clash::{clash, clashes},
    grammar::{is_legal, name_part},
    label::{label_name, reserved_label},
    rule::{RULES, Rule},
    style::{breaks, metric_name},
    text::{before, ends_with, has_words, listed, same},
    unit::{fits_unit, ratio_range, seconds, unit},
};

/// What a metric is, as far as its name goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    /// A state set as well.
    Gauge,
    Histogram,
    Summary,
    Info,
    /// Only the rules for every kind apply.
    Unknown,
}

/// A rule that a name breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule's name, empty where it cannot be allowed.
    pub(crate) rule: &'static str,
    /// What is wrong and what to write instead.
    pub(crate) message: String,
}

impl Finding {
    pub(crate) fn new(rule: Rule, message: String) -> Self {
        Self { rule: rule.name(), message }
    }
}

/// What is wrong with a help text (promtool: `no help text`, also for an empty one).
pub(crate) fn help(help: &str) -> Option<Finding> {
    help.trim()
        .is_empty()
        .then(|| Finding::new(Rule::NoHelp, "the help text is empty, so say what is measured".to_owned()))
}

#[cfg(test)]
mod tests;
