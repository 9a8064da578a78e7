//! The labels of an objective on the families that all functions share: on the page, in the lock file, and absent from rules.
//!
//! It is a program of its own, as rules and the lock file list the whole program.

use metrics_core::{Registry, catalog, counted, observed, prometheus, testing::lock::Lock, timed};
use tests::promtool::{self, Verdict};

#[observed(objective(name = "login", success = 99.9, latency = "250ms", latency_success = 99))]
fn log_in() {}

#[observed(objective(name = "search", success = 95, latency = "1s"))]
fn search() {}

/// Has no latency, so its histogram has no objective.
#[observed(objective(name = "logout", success = 90))]
fn log_out() {}

#[observed]
fn plain() {}

/// Orders something.
#[counted(name = "orders_total", labels(result), objective(name = "order", success = 99))]
#[timed]
fn order() {}

fn page() -> String {
    for call in [log_in, search, log_out, plain, order] {
        call();
    }
    Registry::global().text()
}

#[track_caller]
fn assert_series(page: &str, name: &str, function: &str, more: &str) {
    let series = format!("{name}{{function=\"{function}\",module=\"function_objectives\"{more}");
    assert!(page.contains(&series), "{series} is missing:\n{page}");
}

#[test]
fn functions_with_an_objective_have_its_labels() {
    let page = page();
    let calls = |function, more: &str| {
        assert_series(&page, "function_calls_total", function, &format!(",result=\"ok\"{more}}} "));
    };
    calls("log_in", ",objective_name=\"login\",objective_percentile=\"99.9\"");
    calls("search", ",objective_name=\"search\",objective_percentile=\"95\"");
    calls("log_out", ",objective_name=\"logout\",objective_percentile=\"90\"");
    calls("plain", "");
    let durations = |function, more| {
        assert_series(&page, "function_calls_duration_seconds_count", function, &format!("{more}}} "));
    };
    durations(
        "log_in",
        ",objective_name=\"login\",objective_percentile=\"99\",objective_latency_threshold=\"0.25\"",
    );
    // As Prometheus keeps the bucket's `le`.
    durations(
        "search",
        ",objective_name=\"search\",objective_percentile=\"95\",objective_latency_threshold=\"1.0\"",
    );
    for function in ["log_out", "plain", "order"] {
        durations(function, "");
    }
    for function in ["log_in", "plain"] {
        assert_series(&page, "function_calls_concurrent", function, "} ");
    }
    assert!(page.contains("\norders_total{result=\"ok\"} "), "{page}");
    assert_eq!(Registry::global().registration_errors(), []);
}

#[test]
fn families_with_different_labels_are_legal() {
    page();
    let registry = Registry::global();
    assert_eq!(promtool::check_metrics(&registry.text()), Verdict::clean());
    let open_metrics = registry.open_metrics();
    assert_series(&open_metrics, "function_calls_total", "plain", ",result=\"ok\"} ");
    let gathered = prometheus::gather();
    let calls = gathered.iter().find(|family| family.name() == "function_calls_total").expect("the family");
    let labels = |count| calls.get_metric().iter().filter(|metric| metric.get_label().len() == count).count();
    assert_eq!((labels(3), labels(5)), (2, 6), "{calls:?}");
}

#[test]
fn rules_do_not_name_the_labels() {
    let rules = catalog().to_prometheus_rules();
    let selected = "{function=\"log_in\",module=\"function_objectives\",result=~\"error|panicked\"}";
    assert!(rules.contains(selected) && !rules.contains("objective_name"), "{rules}");
    let dashboard = catalog().to_grafana_dashboard("Functions");
    assert!(dashboard.contains("sum by (function, module, result)"), "{dashboard}");
}

#[test]
fn lock_file_has_the_labels_of_some_series() {
    let lock = Lock::of(&catalog());
    let text = lock.to_string();
    let names = "labels.objective_name = [\"\", \"login\", \"logout\", \"search\"]";
    assert!(text.contains(names), "{text}");
    assert_eq!(text.parse::<Lock>().expect("a lock file").to_string(), text);
}
