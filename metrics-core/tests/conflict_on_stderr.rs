//! A registration conflict in a debug build without a logger is written to standard error.

use std::{env, process::Command};

use metrics_core::{Counter, Definition, Gauge, Registry};

/// Environment variable that is set in the child process, which has the conflict.
const CHILD: &str = "METRICS_CORE_TEST_CHILD";

#[test]
fn conflict_without_a_logger() {
    if env::var_os(CHILD).is_some() {
        let registry = Registry::new();
        let _jobs: Counter = registry.register_or_detach(&Definition::new("jobs_total", "Jobs."));
        let _other: Gauge = registry.register_or_detach(&Definition::new("jobs_total", "Jobs."));
        return;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["conflict_without_a_logger", "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let written = String::from_utf8_lossy(&output.stderr);
    let line = "metrics-core: metric `jobs_total` declared at ";
    assert_eq!(written.matches(line).count(), usize::from(cfg!(debug_assertions)), "{written}");
}
