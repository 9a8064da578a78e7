//! `cargo metrics`: checks queries by a lock file, compares lock files, and a running service with one.

mod check;
mod diff;
mod docs;
mod download;
mod live;
mod options;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use options::{Command, Options};

const HELP: &str = "\
Checks dashboards, alerts and documents by the lock file of a service's metrics.

Usage: cargo metrics COMMAND [OPTIONS] [ARGUMENTS]

Commands:
  check [PATH…]    Checks every query of rule files, Grafana dashboards and `promql` blocks of Markdown.
                   Without paths it reads those of the configuration.
  diff OLD NEW     Compares two lock files, or git revisions of one. Exits with 1 for a breaking change.
  live URL         Compares a running service with the lock. `-` reads a page from the standard input.
  docs             Writes the lock file as Markdown.

Options:
  --lock FILE      The lock file (default: of the configuration, or metrics.lock).
  --config FILE    The configuration (default: metrics-contract.toml, if it is there).
  --format FORMAT  check: text, json or sarif; diff: text or markdown.
  --deny-warnings  check: exits with 1 for warnings, too.
  --used-by PATH   diff: names the panels, alerts and recordings of the path that each breaking change kills.
  --catalogue FILE docs: takes help texts from a catalogue in JSON.

The lock file is made by a test: `metrics_core::testing::assert_metrics_lock!(\"metrics.lock\")`.
";

fn main() -> ExitCode {
    let (output, code) = match run() {
        Ok((output, is_well)) => (output, if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) }),
        Err(message) => {
            // A closed standard error is no reason to fail in another way.
            let _ = writeln!(io::stderr(), "cargo metrics: {message}");
            return ExitCode::from(2);
        }
    };
    let _ = io::stdout().write_all(output.as_bytes());
    code
}

/// Returns the output, and whether all is well.
fn run() -> Result<(String, bool), String> {
    let Options { command, settings } = options::parse(std::env::args_os().skip(1))?;
    match command {
        Command::Help => Ok((HELP.to_owned(), true)),
        Command::Check(paths) => check::run(&settings, &paths),
        Command::Diff { old, new } => diff::run(&settings, &old, &new),
        Command::Live(url) => live::run(&settings, &url),
        Command::Docs => docs::run(&settings).map(|page| (page, true)),
    }
}
