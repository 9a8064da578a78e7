//! The program as a newcomer runs it.

use std::{net::SocketAddr, process::Command, time::Duration};

use tests::{
    http,
    process::Process,
    promtool::{Verdict, check_metrics},
    wait,
};

const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn the_page_has_the_jobs() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
    let mut worker = Process::start(command.env("PORT", "0"), "");
    let address: SocketAddr = worker.wait_for_line(PATIENCE, "its address", |line| {
        line.strip_prefix("open http://")?.split_once('/')?.0.parse().ok()
    });
    // The tenth job is the first that fails.
    let failed = r#"function_calls_total{function="shrink",module="worker",result="error"} 1"#;
    let page = wait::poll(PATIENCE, || {
        let page = http::get(address, "/metrics").ok()?.body;
        page.lines().any(|line| line == failed).then_some(page)
    });
    let page = page.expect("a job fails");
    for start in [
        "worker_queued_jobs ",
        "worker_read_bytes_total ",
        "build_info{name=\"worker\",",
        "process_start_time_",
    ] {
        assert!(page.lines().any(|line| line.starts_with(start)), "{start} is not in\n{page}");
    }
    assert_eq!(check_metrics(&page), Verdict::clean());
    assert_eq!(http::get(address, "/metrics/live").expect("a page").status, 200);
}
