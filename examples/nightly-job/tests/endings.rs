//! The program pushes before it ends, in whatever way it ends.
#![cfg(unix)]

use std::{
    fs, net::TcpListener, os::unix::process::ExitStatusExt as _, path::Path, process::Command, time::Duration,
};

use tests::{
    process::Process,
    promtool::{Verdict, check_metrics},
    pushgateway::Gateway,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_nightly-job");
/// Longest time for the program, whose own deadline is five seconds.
const END: Duration = Duration::from_secs(120);

fn start(url: &str, mode: &str) -> Process {
    Process::start(Command::new(PROGRAM).arg(url).arg(mode), "cargo builds it")
}

fn assert_status(gateway: &Gateway, outcome: &str) {
    for other in ["success", "error", "panic", "terminated"] {
        let value = i32::from(other == outcome);
        gateway.assert_line(&format!(
            r#"job_status{{instance="",job="nightly-report",outcome="{other}"}} {value}"#
        ));
    }
    gateway.assert_line(r#"report_orders_total{instance="",job="nightly-report",region="south"} 25"#);
}

fn last_success(gateway: &Gateway) -> Option<String> {
    let page = gateway.page();
    page.lines().find(|line| line.starts_with("job_last_success_timestamp_seconds{")).map(str::to_owned)
}

#[test]
fn every_ending_is_pushed() {
    let gateway = Gateway::start();

    let status = start(&gateway.url(), "").wait_for_end(END);
    assert_eq!(status.code(), Some(0));
    assert_status(&gateway, "success");
    let success = last_success(&gateway).expect("it succeeded");

    let status = start(&gateway.url(), "error").wait_for_end(END);
    assert_eq!(status.code(), Some(1));
    assert_status(&gateway, "error");

    let status = start(&gateway.url(), "panic").wait_for_end(END);
    assert_eq!(status.code(), Some(101));
    assert_status(&gateway, "panic");

    for (name, signal) in [("TERM", 15), ("INT", 2)] {
        let mut job = start(&gateway.url(), "wait");
        job.wait_for_line(END, "that it waits", |line| line.contains("waiting").then_some(()));
        job.signal(name);
        assert_eq!(job.wait_for_end(END).signal(), Some(signal), "it ends as by the signal");
        assert_status(&gateway, "terminated");
    }
    assert_eq!(last_success(&gateway), Some(success), "failures leave it");
}

#[test]
fn nobody_to_push_to_changes_nothing() {
    // It accepts connections into its backlog and never answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let silent = format!("http://{}", silent.local_addr().expect("it is bound"));
    let urls = [silent.as_str(), "http://127.0.0.1:1", "no url"];
    let endings =
        urls.into_iter().flat_map(|url| [("", 0), ("error", 1), ("panic", 101)].map(|ending| (url, ending)));
    // At once, since each takes its deadline.
    let jobs: Vec<_> = endings.map(|(url, (mode, code))| (url, mode, code, start(url, mode))).collect();
    for (url, mode, code, mut job) in jobs {
        assert_eq!(job.wait_for_end(END).code(), Some(code), "{url} {mode}");
    }
}

#[test]
fn readme_has_lines_of_the_page() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a file");
    let gateway = Gateway::start();
    assert_eq!(start(&gateway.url(), "").wait_for_end(END).code(), Some(0));
    assert_eq!(check_metrics(&gateway.page()), Verdict::clean());
    let (_, lines) = readme.split_once("```text\n").expect("lines of the page");
    let (lines, _) = lines.split_once("```").expect("the end of the lines");
    lines.lines().for_each(|line| gateway.assert_line(line));
    let program =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).expect("a file");
    assert!(program.lines().count() <= 80);
}
