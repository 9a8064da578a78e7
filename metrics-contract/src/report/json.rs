//! Findings as JSON.

use serde::Serialize;

use crate::finding::Finding;

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    severity: &'static str,
    rule: &'static str,
    message: &'a str,
    owner: Option<String>,
}

impl<'a> Entry<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            path: &finding.path,
            line: finding.line,
            column: finding.column,
            severity: finding.severity().as_str(),
            rule: finding.rule.as_str(),
            message: &finding.message,
            owner: finding.owner.as_ref().map(ToString::to_string),
        }
    }
}

/// Returns an array with an object for each finding: `path`, `line`, `column`, `severity`, `rule`, `message` and `owner`.
///
/// ```
/// assert_eq!(metrics_contract::to_json(&[]), "[]");
/// ```
pub fn to_json(findings: &[Finding]) -> String {
    let entries: Vec<_> = findings.iter().map(Entry::of).collect();
    // Texts and numbers can always be written.
    serde_json::to_string_pretty(&entries).unwrap_or_default()
}
