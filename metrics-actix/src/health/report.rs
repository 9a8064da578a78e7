//! What all checks found together.

use std::{fmt::Write as _, time::Duration};

use futures_util::future::join_all;

use super::check::{CheckResult, CheckStatus, HealthCheck};

#[derive(Debug)]
pub(super) struct HealthReport(Vec<CheckResult>);

/// Runs all checks at once.
pub(super) async fn run(checks: &[HealthCheck], timeout: Duration) -> HealthReport {
    HealthReport(join_all(checks.iter().map(|check| check.run(timeout))).await)
}

impl HealthReport {
    /// Whether all is well.
    pub(super) fn is_well(&self) -> bool {
        self.0.iter().all(|finding| finding.status == CheckStatus::Ok)
    }

    pub(super) fn json(&self, shows_errors: bool) -> String {
        let mut json =
            format!("{{\"status\":\"{}\",\"checks\":[", if self.is_well() { "ok" } else { "failed" });
        for (index, finding) in self.0.iter().enumerate() {
            json.push_str(if index == 0 { "{\"name\":" } else { ",{\"name\":" });
            push_string(&mut json, &finding.name);
            let status = match finding.status {
                CheckStatus::Ok => "ok",
                CheckStatus::Failed(_) => "failed",
                CheckStatus::TimedOut => "timed_out",
                CheckStatus::Panicked => "panicked",
            };
            // Writing to a string does not fail.
            let _written =
                write!(json, ",\"status\":\"{status}\",\"seconds\":{:.6}", finding.took.as_secs_f64());
            if let (CheckStatus::Failed(error), true) = (&finding.status, shows_errors) {
                json.push_str(",\"error\":");
                push_string(&mut json, error);
            }
            json.push('}');
        }
        json.push_str("]}\n");
        json
    }
}

fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control.is_control() => {
                let mut units = [0; 2];
                for unit in control.encode_utf16(&mut units) {
                    let _written = write!(out, "\\u{unit:04x}");
                }
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_json_whatever_is_in_it() {
        let finding =
            |name: &str, status| CheckResult { name: name.into(), status, took: Duration::from_millis(5) };
        let report = HealthReport(vec![
            finding("a\"\\\n", CheckStatus::Failed("tab\tä\u{7f}".into())),
            finding("b", CheckStatus::TimedOut),
            finding("c", CheckStatus::Panicked),
            finding("d", CheckStatus::Ok),
        ]);
        let shown = report.json(true);
        assert_eq!(
            shown,
            "{\"status\":\"failed\",\"checks\":[\
             {\"name\":\"a\\\"\\\\\\u000a\",\"status\":\"failed\",\"seconds\":0.005000,\"error\":\"tab\\u0009ä\\u007f\"},\
             {\"name\":\"b\",\"status\":\"timed_out\",\"seconds\":0.005000},\
             {\"name\":\"c\",\"status\":\"panicked\",\"seconds\":0.005000},\
             {\"name\":\"d\",\"status\":\"ok\",\"seconds\":0.005000}]}\n"
        );
        assert!(!report.json(false).contains("tab"));
        assert_eq!(HealthReport(Vec::new()).json(true), "{\"status\":\"ok\",\"checks\":[]}\n");
    }
}
