//! Findings as SARIF 2.1.0, which code review shows beside the lines.

use serde_json::{Value, json};

use crate::finding::{Finding, Rule};

/// Returns a SARIF log with one run.
///
/// ```
/// assert!(metrics_contract::to_sarif(&[]).contains("\"version\": \"2.1.0\""));
/// ```
pub fn to_sarif(findings: &[Finding]) -> String {
    let rule = |rule: Rule| {
        json!({
            "id": rule.as_str(),
            "shortDescription": { "text": rule.description() },
            "defaultConfiguration": { "level": rule.severity().as_str() },
        })
    };
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-metrics",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": Rule::ALL.map(rule),
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn result(finding: &Finding) -> Value {
    let owner = finding.owner.as_ref().map_or_else(String::new, |owner| format!(" ({owner})"));
    json!({
        "ruleId": finding.rule.as_str(),
        "level": finding.severity().as_str(),
        "message": { "text": format!("{}{owner}", finding.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": finding.path.replace('\\', "/") },
            "region": { "startLine": finding.line, "startColumn": finding.column },
        } }],
    })
}
