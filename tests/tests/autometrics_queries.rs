//! The queries of the dashboards and rules that Autometrics publishes, answered by a real Prometheus that scrapes this program.
//!
//! The queries are written anew with the same selectors, labels and joins; a variable of a dashboard is its value.

use std::{fs, thread, time::Duration};

use metrics_core::{Objective, Registry, build_info, observed, service_name};
use tests::{http, page_server::serve, prometheus::Server, scratch::Scratch, wait};

const PATIENCE: Duration = Duration::from_secs(120);

const DEFAULT_NAME: &str = "autometrics-queries";

build_info!(commit = "8a90611", branch = "main");

/// Runs three calls in four without an error.
fn run(call: u32) -> Result<u32, ()> {
    if call.is_multiple_of(4) { Err(()) } else { Ok(call) }
}

#[observed(objective(name = "login", success = 99.9, latency = "250ms", latency_success = 99))]
fn log_in(call: u32) -> Result<u32, ()> {
    run(call)
}

#[observed(objective(name = "search", success = 90, latency = "1s", latency_success = 99.9))]
fn search(call: u32) -> Result<u32, ()> {
    run(call)
}

const ORDER: Objective = Objective::new("order", 95.0).latency(0.005).latency_success(90.0);
const PAYMENT: Objective = Objective::new("payment", 99.0).latency(2.5).latency_success(95.0);

#[observed(objective = ORDER)]
fn order(call: u32) -> Result<u32, ()> {
    run(call)
}

#[observed(objective = PAYMENT)]
fn pay(call: u32) -> Result<u32, ()> {
    run(call)
}

#[observed]
fn plain(call: u32) -> Result<u32, ()> {
    run(call)
}

/// Starts a server that scrapes this program, whose functions are called until the program ends.
fn start() -> Server {
    let name = service_name(DEFAULT_NAME);
    Registry::global().constant_labels([("service_name", name)]).expect("the registry is unused");
    thread::spawn(|| {
        for call in 0.. {
            for function in [log_in, search, order, pay, plain] {
                let _ = function(call);
            }
            thread::sleep(Duration::from_millis(1));
        }
    });
    let data = Scratch::new("metrics-tests-autometrics");
    let (file, rules) = (data.path().join("prometheus.yml"), data.path().join("rules.yml"));
    fs::write(&rules, OLD_NAME).expect("writing the rule");
    let text = format!(
        "global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}\nrule_files: [{}]\n\
         scrape_configs:\n  - job_name: shop\n    metrics_path: /negotiated\n    static_configs:\n      \
         - targets: [\"{}\"]\n",
        rules.display(),
        serve(Registry::global())
    );
    fs::write(&file, text).expect("writing the configuration");
    Server::run(&file, data)
}

/// The rule of the guide to objectives: one variable of the dashboards reads the histogram under the name of an older specification.
/// Its value is zero, so that sums over both names are right.
const OLD_NAME: &str = r#"
groups:
  - name: autometrics
    rules:
      - record: function_calls_duration_count
        expr: 0 * function_calls_duration_seconds_count{objective_name!=""}
"#;

const CALLS: &str = r#"__name__=~"function_calls(_count)?(_total)?""#;
const BUCKETS: &str = r#"__name__=~"function_calls_duration(_seconds)?_bucket""#;
const COUNTS: &str = r#"__name__=~"function_calls_duration(_seconds)?_count""#;

/// Rate of series, by function, with the version and commit of the build.
fn by_function(le: &str, selector: &str) -> String {
    let build = "last_over_time(build_info[1m]) or on (instance, job) up";
    format!(
        "sum by ({le}function, module, service_name, version, commit) \
         (rate({{{selector}}}[1m]) * on (instance, job) group_left (version, commit) ({build}))"
    )
}

fn total(selector: &str) -> String {
    format!("sum(rate({{{selector}}}[1m]))")
}

/// Queries of the panels.
fn panels() -> Vec<String> {
    let any = r#"function=~".+""#;
    let failed = r#"result="error""#;
    let percentile = |quantile| {
        let buckets = by_function("le, ", &format!("{BUCKETS}, {any}"));
        format!(
            r#"label_replace(histogram_quantile(0.{quantile}, {buckets}), "percentile_latency", "{quantile}", "", "")"#
        )
    };
    let rate = by_function("", &format!("{CALLS}, {any}"));
    let error_ratio = format!("({}) / ({rate})", by_function("", &format!("{CALLS}, {failed}, {any}")));
    let latencies = format!("{} or {}", percentile(99), percentile(95));
    let login = format!(r#"{CALLS}, objective_name="login""#);
    let success =
        format!("1 - (({} or on() vector(0)) / ({}))", total(&format!("{login}, {failed}")), total(&login));
    let failures =
        format!("({} >= 0) / ({})", by_function("", &format!("{login}, {failed}")), by_function("", &login));
    let (fast, timed) = within("login", "0.25");
    let fast_ratio = format!("({} or on() vector(0)) / ({})", total(&fast), total(&timed));
    let slow = format!("1 - ({} / ({}))", by_function("", &fast), by_function("", &timed));
    vec![
        // The explorer of functions.
        rate.clone(),
        error_ratio.clone(),
        latencies,
        // The overview.
        rate,
        error_ratio,
        // The objectives.
        success.clone(),
        success,
        failures,
        fast_ratio.clone(),
        fast_ratio,
        slow,
    ]
}

/// Selectors of the calls within an objective's latency, and of all calls.
fn within(objective: &str, threshold: &str) -> (String, String) {
    (
        format!(r#"{BUCKETS}, objective_name="{objective}", le="{threshold}""#),
        format!(r#"{COUNTS}, objective_name="{objective}""#),
    )
}

/// Indicators of the rules for a percentile: the share of errors, and the share of slow calls.
fn indicators(percentile: &str) -> [String; 2] {
    let of = |selector: &str| format!(r#"{{{selector}, objective_percentile="{percentile}"}}[1m]"#);
    let sum = |inner: &str| format!("sum by (objective_name, objective_percentile, service_name) ({inner})");
    let rate = |selector: &str| sum(&format!("rate({})", of(selector)));
    let joined = |label: &str| {
        format!(r#"label_join(rate({}), "autometrics_check_label_equality", "", "{label}")"#, of(BUCKETS))
    };
    let fast = sum(&format!("{} and {}", joined("objective_latency_threshold"), joined("le")));
    let least = "0.016666666666666666";
    [
        format!("{} / ({} >= {least})", rate(&format!(r#"{CALLS}, result="error""#)), rate(CALLS)),
        format!("({counts} - ({fast})) / ({counts} >= {least})", counts = rate(COUNTS)),
    ]
}

/// Waits until a query has results, all of which are numbers.
#[track_caller]
fn results(server: &Server, query: &str) -> Vec<(serde_json::Value, f64)> {
    let found = wait::poll(PATIENCE, || {
        let series = server.series(query);
        (!series.is_empty() && series.iter().all(|(_, value)| value.is_finite())).then_some(series)
    });
    found.unwrap_or_else(|| panic!("no result: {query}"))
}

/// Queries of the dashboards' variables, as the label and the selector, with one of the values.
fn variables() -> [(&'static str, String, &'static str); 6] {
    let of = |selector: &str, objective| format!(r#"{{{selector}, objective_name="{objective}"}}"#);
    [
        ("function", format!("{{{CALLS}}}"), "plain"),
        ("objective_name", format!("{{{CALLS}}}"), "login"),
        ("objective_name", "function_calls_duration_count".to_owned(), "login"),
        ("objective_percentile", of(CALLS, "login"), "99.9"),
        ("objective_percentile", of(BUCKETS, "login"), "99"),
        ("objective_latency_threshold", of(BUCKETS, "search"), "1.0"),
    ]
}

#[test]
fn every_published_query_has_a_result() {
    let server = start();
    for query in panels() {
        for (labels, value) in results(&server, &query) {
            assert!(value >= 0.0, "{query}: {labels} {value}");
            if labels.get("function").is_some() {
                assert_eq!(labels["service_name"], service_name(DEFAULT_NAME), "{query}");
                assert_eq!(labels["commit"], "8a90611", "{query}");
            }
        }
    }
    // A quarter of the calls fail, and each is fast.
    let success = results(&server, &panels()[5])[0].1;
    assert!((success - 0.75).abs() < 0.1, "{success}");
    for percentile in ["90", "95", "99", "99.9"] {
        let [errors, slow] = indicators(percentile).map(|query| results(&server, &query));
        assert!((errors[0].1 - 0.25).abs() < 0.1, "{percentile}: {errors:?}");
        assert!(slow[0].1 < 0.1, "{percentile}: {slow:?}");
    }
    for (label, selector, value) in variables() {
        let path = format!("/api/v1/label/{label}/values?match[]={}", http::query_value(&selector));
        wait::until_equal(PATIENCE, &path, &true, || {
            let values = server.ask(&path).expect("an answer");
            values.as_array().expect("a list").iter().any(|found| found == value)
        });
    }
    // Beside the older name, which the queries read too.
    server.wait_for_value("count(function_calls_duration_count) > bool 0", 1.0);
    let slow = results(&server, &panels()[8])[0].1;
    assert!(slow > 0.9, "{slow}");
}
