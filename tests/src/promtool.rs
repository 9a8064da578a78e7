//! `promtool`: checks of pages and of configurations.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use crate::{INSTALL_PROMETHEUS, process};

/// Exit code and output of `promtool`.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Exit code: 0 without a finding, 1 for an input that cannot be read, 3 with findings.
    pub code: Option<i32>,
    /// Lines of the output.
    pub findings: String,
}

impl Verdict {
    /// Returns the verdict without a finding.
    pub fn clean() -> Self {
        Self { code: Some(0), findings: String::new() }
    }
}

/// Runs `promtool check metrics` on a page.
pub fn check_metrics(page: &str) -> Verdict {
    let output = run(&["check", "metrics"], page);
    let findings = [output.stdout, output.stderr].concat();
    Verdict { code: output.status.code(), findings: String::from_utf8_lossy(&findings).trim().to_owned() }
}

/// Runs `promtool check config` on a file, and panics unless it passes.
#[track_caller]
pub fn assert_config(file: &Path) {
    let file = file.to_str().expect("a path in UTF-8");
    let output = run(&["check", "config", file], "");
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new("promtool");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{}", process::not_started("promtool", &error, INSTALL_PROMETHEUS)));
    let mut stdin = child.stdin.take().expect("the input is a pipe");
    thread::scope(|scope| {
        // Written on another thread, so that neither process waits for the other on a large page. A `promtool` that stops early
        // closes the pipe; its exit code has the reason.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().expect("the output of promtool")
    })
}
