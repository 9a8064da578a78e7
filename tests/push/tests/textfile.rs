//! Files that Debian's `node_exporter` reads.
#![cfg(unix)]

use std::{env, fs, io::Read as _, os::unix::fs::PermissionsExt as _, process::Command, time::Duration};

use metrics_core::{Job, Push, PushError, Registry, Textfile};
use tests::{http, page_server, process::Process, prometheus::listening_address};
use tests_push::{
    samples::{prometheus, samples, wait_for_target},
    shop,
};

const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn file_equals_a_scrape() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.prom");
    let (registry, shop) = shop::registry();
    fs::write(&path, "half a pa").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let mut early_reader = fs::File::open(&path).unwrap();
    let push = Push::to(Textfile::new(&path)).registry(&registry).start().unwrap();
    push.flush_blocking(DEADLINE).unwrap();
    let mut seen = String::new();
    early_reader.read_to_string(&mut seen).unwrap();
    assert_eq!(seen, "half a pa", "a file is replaced, not written to");
    shop.stock.set(17);
    push.flush_blocking(DEADLINE).unwrap();
    drop(push);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["shop.prom"], "nothing is left beside it");

    let mut command = Command::new("prometheus-node-exporter");
    command
        .args(["--web.listen-address=127.0.0.1:0", "--collector.disable-defaults", "--collector.textfile"])
        .arg(format!("--collector.textfile.directory={}", folder.path().display()));
    let remedy = "install it (on Debian: apt-get install prometheus-node-exporter; scripts/test does it)";
    let mut exporter = Process::start(&mut command, remedy);
    let address = exporter.wait_for_line(DEADLINE, "the address it listens on", listening_address);
    let page = http::get(address, "/metrics").unwrap().body;
    assert!(page.lines().any(|line| line == "node_textfile_scrape_error 0"), "{page}");

    let server =
        prometheus(&[("file", address), ("direct", page_server::serve(&registry))], "exemplar-storage");
    let of = |job: &str| {
        wait_for_target(&server, job);
        samples(&server, &format!("{{job=\"{job}\",__name__=~\"shop_.+\"}}"), &["job", "instance"])
    };
    let direct = of("direct");
    assert!(direct.len() >= 20, "{direct:#?}");
    assert_eq!(of("file"), direct);
}

/// The mask is the process's, so the test runs itself once more under another one.
#[test]
fn mode_is_0644_whatever_the_mask() {
    const PATH: &str = "METRICS_TEST_TEXTFILE";
    if let Some(path) = env::var_os(PATH) {
        let push = Push::to(Textfile::new(path)).registry(&Registry::new()).start().unwrap();
        return push.flush_blocking(DEADLINE).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.prom");
    let status = Command::new("sh")
        .args(["-c", "umask 077; exec \"$0\" mode_is_0644_whatever_the_mask"])
        .arg(env::current_exe().unwrap())
        .env(PATH, &path)
        .status();
    assert!(status.unwrap().success());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn folder_that_goes_is_an_error_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    let path = inner.join("a.prom");
    let registry = Registry::new();
    let push = || {
        Push::to(Textfile::new(&path)).registry(&registry).backoff(Duration::ZERO, Duration::from_millis(1))
    };
    assert!(matches!(push().start(), Err(PushError::Config(_))));
    fs::create_dir(&inner).unwrap();
    let push = push().start().unwrap();
    fs::remove_dir(&inner).unwrap();
    let error = push.flush_blocking(Duration::from_millis(50)).unwrap_err();
    assert!(matches!(&error, PushError::Deadline(_)), "{error:?}");
    fs::create_dir(&inner).unwrap();
    push.flush_blocking(DEADLINE).unwrap();
    assert!(path.exists());
}

#[test]
fn failed_job_leaves_the_time_of_the_last_success() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job.prom");
    let run = |result: Result<(), &str>| {
        let job =
            Job::new("backup").push_to(Textfile::new(&path)).registry(&Registry::new()).without_signals();
        assert_eq!(job.run(|| result), result);
        fs::read_to_string(&path).unwrap()
    };
    let time = |page: &str| {
        let start = "job_last_success_timestamp_seconds{job=\"backup\"} ";
        page.lines().find_map(|line| line.strip_prefix(start).map(str::to_owned))
    };
    let has = |page: &str, outcome: &str| {
        page.contains(&format!("job_status{{job=\"backup\",outcome=\"{outcome}\"}} 1\n"))
    };
    let failed = run(Err("a"));
    assert!(has(&failed, "error") && time(&failed).is_none(), "{failed}");
    let succeeded = run(Ok(()));
    assert!(has(&succeeded, "success") && time(&succeeded).is_some(), "{succeeded}");
    let failed = run(Err("b"));
    assert!(has(&failed, "error"), "{failed}");
    assert_eq!(time(&failed), time(&succeeded));
}
