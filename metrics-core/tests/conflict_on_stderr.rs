//! A conflict in a debug build without a logger.

use std::{env, process::Command};

use metrics_core::{Counter, Definition, Gauge, Registry};

/// Set for the process in which the conflict happens.
const CHILD: &str = "METRICS_CORE_TEST_CHILD";

#[test]
fn a_conflict_is_written_to_standard_error() {
    if env::var_os(CHILD).is_some() {
        let registry = Registry::new();
        let _jobs: Counter = registry.register_or_detach(&Definition::new("jobs_total", "Jobs."));
        let _other: Gauge = registry.register_or_detach(&Definition::new("jobs_total", "Jobs."));
        return;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["a_conflict_is_written_to_standard_error", "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let written = String::from_utf8_lossy(&output.stderr);
    let line = "metrics-core: metric `jobs_total` declared at ";
    assert_eq!(written.matches(line).count(), usize::from(cfg!(debug_assertions)), "{written}");
}
