//! What all checks found together.

use std::{fmt::Write as _, time::Duration};

use futures_util::future::join_all;

use super::check::{Check, Finding, Status};

#[derive(Debug)]
pub(super) struct Report(Vec<Finding>);

/// Runs all checks at once.
pub(super) async fn run(checks: &[Check], timeout: Duration) -> Report {
    Report(join_all(checks.iter().map(|check| check.run(timeout))).await)
}

impl Report {
    /// Whether all is well.
    pub(super) fn is_well(&self) -> bool {
        self.0.iter().all(|finding| finding.status == Status::Ok)
    }

    pub(super) fn json(&self, shows_errors: bool) -> String {
        let mut json =
            format!("{{\"status\":\"{}\",\"checks\":[", if self.is_well() { "ok" } else { "failed" });
        for (index, finding) in self.0.iter().enumerate() {
            json.push_str(if index == 0 { "{\"name\":" } else { ",{\"name\":" });
            push_string(&mut json, &finding.name);
            let status = match finding.status {
                Status::Ok => "ok",
                Status::Failed(_) => "failed",
                Status::TimedOut => "timed_out",
                Status::Panicked => "panicked",
            };
            // Writing to a string does not fail.
            let _written =
                write!(json, ",\"status\":\"{status}\",\"seconds\":{:.6}", finding.took.as_secs_f64());
            if let (Status::Failed(error), true) = (&finding.status, shows_errors) {
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
            |name: &str, status| Finding { name: name.into(), status, took: Duration::from_millis(5) };
        let report = Report(vec![
            finding("a\"\\\n", Status::Failed("tab\tä\u{7f}".into())),
            finding("b", Status::TimedOut),
            finding("c", Status::Panicked),
            finding("d", Status::Ok),
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
        assert_eq!(Report(Vec::new()).json(true), "{\"status\":\"ok\",\"checks\":[]}\n");
    }
}
