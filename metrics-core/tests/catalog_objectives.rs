//! The objective of a function in the catalogue. It is a program of its own, as the catalogue lists the whole program.
#![cfg(feature = "enabled")]

use metrics_core::{catalog, counted, timed};

/// Logs a player in.
#[counted]
#[timed(
    name = "catalogued_login_duration_seconds",
    buckets(0.25, 1),
    objective(name = "login", success = 99.9, latency = "250ms")
)]
fn log_in(player: &str) -> Result<u8, std::num::ParseIntError> {
    player.parse()
}

#[test]
fn objectives() {
    log_in("1").expect("a number");
    let catalog = catalog();
    let judged: Vec<_> = catalog.metrics.iter().filter(|metric| metric.objective.is_some()).collect();
    assert!(!judged.is_empty());
    for metric in judged {
        assert_eq!(metric.objective.as_deref(), Some("login"));
        assert_eq!(metric.module.as_deref(), Some(module_path!()));
    }
    assert!(catalog.to_json().contains("\"objective\":\"login\""));
}
