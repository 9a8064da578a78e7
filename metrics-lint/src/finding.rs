//! Findings, and the one about help texts.

use crate::rule::Rule;

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name, empty where it cannot be allowed.
    pub rule: &'static str,
    /// The mistake and what to write instead.
    pub message: String,
}

impl Finding {
    /// A finding of a rule with its message.
    pub fn new(rule: Rule, message: String) -> Self {
        Self { rule: rule.name(), message }
    }
}

/// Checks a help text (promtool: `no help text`, also for an empty one).
pub fn help(help: &str) -> Option<Finding> {
    help.trim()
        .is_empty()
        .then(|| Finding::new(Rule::NoHelp, "the help text is empty, so say what is measured".to_owned()))
}
