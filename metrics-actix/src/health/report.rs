//! Report: the results of all checks.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::Value;

use super::check::{CheckResult, CheckStatus, HealthCheck};

/// Results of all checks at one time.
#[derive(Debug)]
pub(super) struct HealthReport {
    made_at: Instant,
    results: Vec<CheckResult>,
}

impl HealthReport {
    /// Runs all checks concurrently.
    pub(super) async fn run(checks: &[HealthCheck], timeout: Duration) -> Self {
        let results = join_all(checks.iter().map(|check| check.run(timeout))).await;
        Self { made_at: Instant::now(), results }
    }

    /// Time since the checks ended.
    pub(super) fn age(&self) -> Duration {
        self.made_at.elapsed()
    }

    /// Returns `true` if all checks succeeded.
    pub(super) fn is_healthy(&self) -> bool {
        self.results.iter().all(|result| result.status == CheckStatus::Ok)
    }

    pub(super) fn json(&self, shows_errors: bool) -> String {
        let mut json =
            format!("{{\"status\":\"{}\",\"checks\":[", if self.is_healthy() { "ok" } else { "failed" });
        for (index, result) in self.results.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            let status = match result.status {
                CheckStatus::Ok => "ok",
                CheckStatus::Failed(_) => "failed",
                CheckStatus::TimedOut => "timed_out",
                CheckStatus::Panicked => "panicked",
            };
            let (name, seconds) = (Value::from(&*result.name), result.duration.as_secs_f64());
            // Writing to a string does not fail.
            let _written =
                write!(json, "{separator}{{\"name\":{name},\"status\":\"{status}\",\"seconds\":{seconds:.6}");
            if let (CheckStatus::Failed(error), true) = (&result.status, shows_errors) {
                let _written = write!(json, ",\"error\":{}", Value::from(error.as_str()));
            }
            json.push('}');
        }
        json.push_str("]}\n");
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(results: Vec<CheckResult>) -> HealthReport {
        HealthReport { made_at: Instant::now(), results }
    }

    #[test]
    fn a_report_is_json_whatever_is_in_it() {
        let result = |name: &str, status| CheckResult {
            name: name.into(),
            status,
            duration: Duration::from_millis(5),
        };
        let report_of_four = report(vec![
            result("a\"\\\n", CheckStatus::Failed("tab\tä\u{7f}".into())),
            result("b", CheckStatus::TimedOut),
            result("c", CheckStatus::Panicked),
            result("d", CheckStatus::Ok),
        ]);
        assert_eq!(
            report_of_four.json(true),
            "{\"status\":\"failed\",\"checks\":[\
             {\"name\":\"a\\\"\\\\\\n\",\"status\":\"failed\",\"seconds\":0.005000,\"error\":\"tab\\tä\u{7f}\"},\
             {\"name\":\"b\",\"status\":\"timed_out\",\"seconds\":0.005000},\
             {\"name\":\"c\",\"status\":\"panicked\",\"seconds\":0.005000},\
             {\"name\":\"d\",\"status\":\"ok\",\"seconds\":0.005000}]}\n"
        );
        assert!(!report_of_four.json(false).contains("tab"));
        assert_eq!(report(Vec::new()).json(true), "{\"status\":\"ok\",\"checks\":[]}\n");
    }
}
