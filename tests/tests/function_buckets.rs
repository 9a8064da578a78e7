//! Buckets of functions that name none are chosen once for the program. One test, since they are the program's.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use metrics_core::{Registry, observed, set_function_buckets, timed};

#[observed(objective(name = "fast", success = 99.9, latency = "300us"))]
fn fast() {}

#[observed(objective(name = "fastest", success = 99.9, latency = "30us"))]
fn fastest() {}

/// Runs.
#[timed(name = "buckets_own_duration_seconds")]
fn own() {}

#[test]
fn buckets_are_chosen_before_the_first_use() {
    for nonsense in [&[][..], &[2.0, 1.0], &[f64::NAN]] {
        assert!(set_function_buckets(nonsense).is_err(), "{nonsense:?}");
    }
    set_function_buckets(&[0.000_03, 0.0003, 0.003]).unwrap();
    set_function_buckets(&[0.000_03, 0.0003, 0.003]).unwrap();
    let error = set_function_buckets(&[1.0]).unwrap_err();
    assert!(error.to_string().contains("other buckets are chosen, or in use"), "{error}");

    fast();
    fastest();
    own();
    let page = Registry::global().text();
    let bounds = |family: &str| {
        let start = format!("{family}_bucket{{");
        let lines = page.lines().filter_map(|line| line.strip_prefix(start.as_str()));
        // Each series has the same.
        lines
            .take(4)
            .map(|line| line.rsplit("le=\"").next().unwrap().split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for family in ["function_calls_duration_seconds", "buckets_own_duration_seconds"] {
        assert_eq!(bounds(family), ["3e-05", "0.0003", "0.003", "+Inf"], "{page}");
    }
    assert_eq!(Registry::global().registration_errors(), []);
    let rules = metrics_core::catalog().to_prometheus_rules();
    assert!(rules.contains(r#"le="0.0003"}"#) && rules.contains(r#"le="3e-05"}"#), "{rules}");
}
