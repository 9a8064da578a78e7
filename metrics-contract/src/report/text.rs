//! Findings as lines that editors and terminals turn into links.

use crate::finding::{Finding, Severity};

/// Returns a line for each finding, and one that counts them.
///
/// ```
/// assert_eq!(metrics_contract::to_text(&[], 12), "queries: 12, errors: 0, warnings: 0\n");
/// ```
pub fn to_text(findings: &[Finding], query_count: usize) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
    let lines: String = findings.iter().flat_map(|finding| [finding.to_string(), "\n".to_owned()]).collect();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    format!("{lines}queries: {query_count}, errors: {errors}, warnings: {warnings}\n")
}
