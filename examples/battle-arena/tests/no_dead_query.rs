//! Every expression of the dashboards, rules and READMEs of the repository finds something in a real Prometheus.
#![cfg(unix)]

mod arena;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use arena::stack::Stack;
use metrics_contract::{Config, Sources, check};
use serde_json::{Value, json};
use tests::{
    http,
    prometheus::Server,
    promql::{self, Expression},
    wait,
};

/// Time limit until every expression finds something: rates need two scrapes, rules another round.
const PATIENCE: Duration = Duration::from_secs(120);

/// Suffixes of series after their family's name; `OpenMetrics` has no `_total` in it.
const FAMILY_SUFFIXES: [&str; 4] = ["_total", "_bucket", "_count", "_sum"];
/// After this time, what has no series is what has never happened.
const ALL_HAS_HAPPENED: Duration = Duration::from_secs(30);

#[test]
fn no_query_is_dead() {
    let stack = Stack::start(&["--simulate", "stress", "--players", "50", "--chaos", "0"]);
    make_everything_happen(&stack);
    let rules = rules(&stack.prometheus);
    assert!(rules.len() > 20, "the rules are loaded");
    let mut expressions = [promql::dashboards(), promql::documents(), rules].concat();
    expressions.sort();
    let mut dead = expressions.clone();
    let start = Instant::now();
    let mut reasons = Vec::new();
    while !dead.is_empty() && start.elapsed() < PATIENCE {
        reasons.clear();
        dead.retain(|expression| match answer(&stack.prometheus, &expression.text) {
            Ok(()) => false,
            Err(reason) => {
                reasons.push(format!("{}: {}\n    {reason}", expression.place, expression.text));
                true
            }
        });
        if start.elapsed() > ALL_HAS_HAPPENED {
            dead.retain(|expression| !names_what_never_happened(&stack.prometheus, expression));
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(dead.is_empty(), "{} of {} find nothing:\n{}", dead.len(), expressions.len(), reasons.join("\n"));
    is_mailed(&stack);
}

/// Names, labels and values that the lock file does not have are told at their place, without any program running.
#[test]
fn no_query_reads_what_is_not_promised() {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/metrics-contract.toml");
    let config = Config::read(config).expect("a configuration");
    let sources = Sources::read(&config.paths());
    assert!(sources.query_count() > 100, "{}", sources.query_count());
    let findings = check(&config.contract().expect("a lock file"), &sources);
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Sends what the simulator rarely does: requests that fail in the service, and a fault long enough for an alert.
fn make_everything_happen(stack: &Stack) {
    let report = |kind: &str, seconds: u64| {
        let event = json!({ "kind": kind, "message": "a test", "seconds": seconds });
        assert_eq!(stack.arena.post("/api/system/event", &event).0, 201);
    };
    report("disk_full", 20);
    assert_eq!(stack.arena.post("/api/players/register", &json!({ "username": "too-late" })).0, 503);
    let recovered = || stack.arena.post("/api/players/register", &json!({ "username": "in-time" })).0;
    wait::until_equal(PATIENCE, "the disk has room", &201, recovered);
    // Nobody in the service looks for this one.
    report("network_partition", 60);
    wait::until_equal(PATIENCE, "the alert of the fault at Alertmanager", &true, || {
        let alerts =
            http::get(stack.alertmanager.1, "/api/v2/alerts").expect("an answer of Alertmanager").body;
        alerts.contains("ArenaFault")
    });
    let page =
        json!([{ "labels": { "alertname": "ArenaErrors", "severity": "page", "job": "battle-arena" } }]);
    let sent = http::post(stack.alertmanager.1, "/api/v2/alerts", "application/json", &page.to_string());
    assert_eq!(sent.expect("an answer of Alertmanager").status, 200);
}

/// Alerts that page somebody come by mail; alerts for information do not.
fn is_mailed(stack: &Stack) {
    wait::until_equal(PATIENCE, "the mail of a page", &true, || {
        stack
            .mail
            .mails()
            .iter()
            .any(|mail| mail.contains("ArenaErrors") && mail.contains("operations@example.org"))
    });
    assert!(!stack.mail.mails().iter().any(|mail| mail.contains("ArenaFault")));
}

/// The expressions of the rules that the server has loaded. An alert's comparison is made one that answers with 0 or 1, as
/// an alert that is silent finds nothing.
fn rules(prometheus: &Server) -> Vec<Expression> {
    let answer = prometheus.ask("/api/v1/rules").expect("rules");
    let mut found = Vec::new();
    for group in answer["groups"].as_array().expect("groups") {
        for rule in group["rules"].as_array().expect("rules of a group") {
            let place = format!("{} {}", group["name"], rule["name"]);
            let text = rule["query"].as_str().expect("an expression");
            let text = if rule["type"] == "alerting" { always(text) } else { text.to_owned() };
            found.push(Expression { place, text });
        }
    }
    found
}

/// An alert's expression as one that answers whether it fires.
fn always(expression: &str) -> String {
    let mut text = expression.to_owned();
    for comparison in [" > ", " < ", " >= ", " <= ", " == "] {
        text = text.replace(comparison, &format!("{comparison}bool "));
    }
    text.replace("absent(", "(")
}

/// Returns whether an expression has a result that is a number.
fn answer(prometheus: &Server, expression: &str) -> Result<(), String> {
    let answer = prometheus.ask(&format!("/api/v1/query?query={}", http::query_value(expression)))?;
    let series = match answer["resultType"].as_str() {
        Some("vector") => answer["result"].as_array().cloned().unwrap_or_default(),
        _ => return Ok(()),
    };
    match series.iter().any(|series| series["value"][1] != "NaN") {
        true => Ok(()),
        false if series.is_empty() => Err("nothing".to_owned()),
        false => Err("no number".to_owned()),
    }
}

/// Returns whether an expression names a family that a target exposes without a series, as nothing of its kind has happened yet.
fn names_what_never_happened(prometheus: &Server, expression: &Expression) -> bool {
    let selectors = promql::names(&expression.text).selectors;
    selectors
        .iter()
        .any(|(metric, _)| labels_of(prometheus, metric).is_empty() && is_exposed(prometheus, metric))
}

/// Returns whether a target has the line `# TYPE` of a metric's family.
fn is_exposed(prometheus: &Server, metric: &str) -> bool {
    let without = FAMILY_SUFFIXES.iter().find_map(|suffix| metric.strip_suffix(suffix));
    [Some(metric), without].into_iter().flatten().any(|family| {
        let metadata = prometheus.ask(&format!("/api/v1/metadata?metric={family}")).expect("metadata");
        metadata.as_object().is_some_and(|families| families.contains_key(family))
    })
}

fn labels(answer: &Value) -> BTreeSet<String> {
    answer.as_array().into_iter().flatten().filter_map(|label| label.as_str().map(str::to_owned)).collect()
}

fn labels_of(prometheus: &Server, metric: &str) -> BTreeSet<String> {
    labels(&prometheus.ask(&format!("/api/v1/labels?match[]={metric}")).expect("labels"))
}
