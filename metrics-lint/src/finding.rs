//! Findings, and the rule for help texts.

use crate::rule::Rule;

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule; empty for a rule that cannot be allowed.
    pub rule: &'static str,
    /// Description of the mistake, and the remedy.
    pub message: String,
}

impl Finding {
    /// Creates the finding of a rule.
    pub fn new(rule: Rule, message: String) -> Self {
        Self { rule: rule.name(), message }
    }
}

/// Checks that a help text is not empty (promtool: `no help text`).
pub fn help(help: &str) -> Option<Finding> {
    help.trim()
        .is_empty()
        .then(|| Finding::new(Rule::NoHelp, "the help text is empty, so say what is measured".to_owned()))
}
