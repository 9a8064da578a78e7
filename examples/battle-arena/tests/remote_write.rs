//! A Prometheus that does not scrape the arena has its metrics by remote write.
#![cfg(unix)]

mod arena;

use std::fs;

use arena::Arena;
use serde_json::json;
use tests::{prometheus::Server, scratch::Scratch};

#[test]
fn metrics_without_a_scrape() {
    let data = Scratch::new("arena-remote-write");
    let file = data.path().join("prometheus.yml");
    fs::write(&file, "global:\n  scrape_interval: 15s\n").expect("writing the configuration");
    let prometheus = Server::run_receiver(&file, data);
    let url = format!("http://{}/api/v1/write", prometheus.address());
    let arena = Arena::start(&["--simulate", "off", "--remote-write", &url]);
    let player = json!({ "username": "anna" });
    assert_eq!(arena.post("/api/players/register", &player).0, 201);
    for _ in 0..3 {
        assert_eq!(arena.post("/api/players/login", &player).0, 200);
    }
    let instance = arena.address;
    arena.process.interrupt();
    let output = arena.ended();
    assert!(!output.iter().any(|line| line.contains("not sent")), "{output:?}");
    // The series have ended, so a query of now finds their last samples alone by looking back.
    let last = |series: &str| {
        let name = series.split_once('{').map_or(series, |(name, _)| name);
        let labels = series.strip_prefix(name).unwrap_or_default().trim_matches(['{', '}']);
        format!("last_over_time({name}{{job=\"battle-arena\",instance=\"{instance}\",{labels}}}[10m])")
    };
    prometheus.assert_value(&last("arena_player_logins_total"), 3.0);
    prometheus.assert_value(&last("arena_player_registrations_total"), 1.0);
    let logins = r#"http_requests_total{method="POST",endpoint="/api/players/login",status="200"}"#;
    prometheus.assert_value(&last(logins), 3.0);
    let durations = r#"http_request_duration_seconds_count{method="POST",endpoint="/api/players/login"}"#;
    prometheus.assert_value(&last(durations), 3.0);
    let ended = prometheus.value("count({job=\"battle-arena\"})");
    assert_eq!(ended, None, "stale markers");
}
