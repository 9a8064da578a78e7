//! The lines of the guide's page on troubleshooting that name what Prometheus says, tried with a server.

use std::{
    fmt::Write as _,
    fs,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use metrics_actix::{MetricsRoute, MetricsServer};
use metrics_core::{Counter, Definition, Registry};
use serde_json::Value;
use tests::{prometheus::Server, scratch::Scratch, wait};

const GUIDE: &str = include_str!("../../metrics-core/src/guide/troubleshooting.rs");
const PATIENCE: Duration = Duration::from_secs(120);

/// Serves the metrics until the program ends.
fn serve(route: MetricsRoute) -> SocketAddr {
    let server = MetricsServer::bind("127.0.0.1:0").expect("a free port").route(route);
    server.spawn().expect("a server").address()
}

/// Starts Prometheus with a job for each target.
fn start(jobs: &[(&str, SocketAddr)]) -> Server {
    let mut text = String::from("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n");
    for (job, target) in jobs {
        let job = format!("  - job_name: {job}\n    static_configs:");
        writeln!(text, "{job}\n      - targets: [\"{target}\"]").expect("writing to a string");
    }
    let data = Scratch::new("metrics-tests-troubleshooting");
    let file = data.path().join("prometheus.yml");
    fs::write(&file, text).expect("writing the configuration");
    Server::run(&file, data)
}

/// Returns the error of the last scrape of a job, once there was one.
fn last_error(server: &Server, job: &str) -> Option<String> {
    let targets = server.ask("/api/v1/targets").expect("the targets");
    let targets = targets["activeTargets"].as_array()?.iter();
    let error = |target: &Value| Some(target["lastError"].as_str()?.to_owned());
    let mut of_job = targets.filter(|target| target["labels"]["job"] == job);
    of_job.find_map(error).filter(|error| !error.is_empty())
}

#[test]
fn errors_of_scrapes_are_those_of_the_table() {
    let route = || MetricsRoute::new("/metrics");
    // Its port is free again, and nobody listens.
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    // It accepts, by its backlog, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let cases = [
        ("connection refused", closed),
        ("HTTP status 401 Unauthorized", serve(route().bearer_token("secret"))),
        ("HTTP status 403 Forbidden", serve(route().allow_ips(["10.0.0.0/8"]))),
        ("HTTP status 404 Not Found", serve(MetricsRoute::new("/other"))),
        ("HTTP status 503 Service Unavailable", serve(route().max_concurrent(0))),
        ("context deadline exceeded", silent.local_addr().expect("its port")),
    ];
    let names: Vec<_> = (0..cases.len()).map(|number| format!("job{number}")).collect();
    let jobs: Vec<_> = names.iter().zip(&cases).map(|(name, (_, target))| (name.as_str(), *target)).collect();
    let server = start(&jobs);
    for (name, (error, _)) in names.iter().zip(cases) {
        assert!(GUIDE.contains(&format!("| `{error}` |")), "{error} is not in the guide");
        let found = wait::poll(PATIENCE, || last_error(&server, name)).expect("an error");
        assert!(found.contains(error), "{found:?} is not {error:?}");
    }
}

#[test]
fn a_rate_needs_two_scrapes() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a counter");
    jobs.inc();
    let server = start(&[("worker", serve(MetricsRoute::new("/metrics").registry(&registry)))]);
    server.wait_for_scrape();
    server.wait_for_scrape();
    wait::until_equal(PATIENCE, "a rate", &Some(0.0), || server.value("rate(jobs_total[1m])"));
    // Shorter than the interval, so that no range has two samples.
    server.assert_value("absent(rate(jobs_total[500ms]))", 1.0);
}
