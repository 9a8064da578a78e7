//! Spans: what a collector receives, and the exemplars that lead to it.
#![cfg(unix)]

mod arena;
#[path = "arena/otlp.rs"]
mod otlp;

use std::{collections::HashMap, process::Command};

use arena::{Arena, program, stopping::stops_cleanly};
use otlp::{CLIENT, Collector, ERROR, SERVER, Span, Spans, Value};
use serde_json::json;
use tests::{http, postgres::Postgres, prometheus::Server};

const SERVICE: &str = "battle-arena";
const SIMULATOR: &str = "battle-arena-simulator";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0";

/// The program, which sends its spans to a collector, and all of them.
fn traced(endpoint: &str) -> Command {
    let mut command = program();
    for variable in ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER"] {
        command.env_remove(variable);
    }
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env("OTEL_BSP_MAX_QUEUE_SIZE", "100000");
    command.env("OTEL_EXPORTER_OTLP_TIMEOUT", "120000");
    command
}

/// A sample with an exemplar.
struct Exemplar {
    series: String,
    labels: HashMap<String, String>,
    /// The trace's and the span's.
    ids: (String, String),
}

fn exemplars(page: &str) -> Vec<Exemplar> {
    page.lines()
        .filter_map(|line| {
            let (sample, exemplar) = line.split_once(" # {")?;
            let series = sample.split(['{', ' ']).next()?.to_owned();
            let of_sample = sample.split_once('{').map_or("", |(_, labels)| labels);
            let ids = labels(exemplar);
            Some(Exemplar {
                series,
                labels: labels(of_sample),
                ids: (ids["trace_id"].clone(), ids["span_id"].clone()),
            })
        })
        .collect()
}

/// The labels before a brace. The values here have no commas.
fn labels(text: &str) -> HashMap<String, String> {
    let inside = text.rsplit_once('}').map_or("", |(inside, _)| inside);
    let pairs = inside.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect()
}

/// Spans and metrics at the end.
struct Played {
    /// Of the service and the simulator.
    spans: Spans,
    requests: usize,
    page: String,
    /// The exemplars of the requests' durations that a Prometheus has.
    kept: Vec<(serde_json::Value, f64)>,
}

/// Plays against a service of its own.
fn played() -> Played {
    let collector = Collector::start();
    let arena = Arena::start_as(traced(&collector.endpoint()).args(["--simulate", "off"]));
    let target = format!("http://{}", arena.address);
    let played = traced(&collector.endpoint())
        .args(["--target", &target, "--players", "20", "--chaos", "0", "--requests", "1000"])
        .output()
        .expect("the program");
    assert!(played.status.success(), "{played:?}");
    let printed = String::from_utf8(played.stdout).expect("text");
    let requests = printed.lines().find_map(|line| line.split_once(" requests, ")?.0.parse().ok());
    let prometheus = Server::start(arena.address);
    prometheus.wait_for_scrape();
    let kept = prometheus.exemplars("http_request_duration_seconds_bucket");
    let page = http::get_as(arena.address, "/metrics", OPEN_METRICS).expect("a page").body;
    arena.process.interrupt();
    arena.ended();
    Played { spans: collector.spans(), requests: requests.expect("the count"), page, kept }
}

#[test]
fn spans_go_from_the_simulator_to_the_queries_and_exemplars_lead_to_them() {
    let Played { spans, requests, page, kept } = played();
    assert_eq!(requests, 1020);
    requests_follow_the_simulators(&spans, requests);
    logins_have_their_player_and_their_query(&spans);
    matches_and_money_have_their_attributes(&spans);
    exemplars_name_spans(&spans, &page);
    assert!(!kept.is_empty(), "Prometheus has them too");
    for (labels, _) in kept {
        let is_it = |span: &Span| {
            let (trace, id) = span.ids();
            labels["trace_id"] == trace && labels["span_id"] == id && span.kind == SERVER
        };
        assert!(spans.0.iter().any(|(_, span)| is_it(span)), "{labels}");
    }
}

#[track_caller]
fn requests_follow_the_simulators(spans: &Spans, requests: usize) {
    let of = |wanted: &str| {
        spans.0.iter().filter(|(service, _)| service == wanted).map(|(_, span)| span).collect::<Vec<_>>()
    };
    let sent = of(SIMULATOR);
    assert_eq!(sent.len(), requests, "a span for each request");
    for span in &sent {
        assert!(span.kind == CLIENT && span.is_root(), "{span:?}");
        let [served] = spans.children(span)[..] else { panic!("one service for {span:?}") };
        assert_eq!(served.kind, SERVER);
        assert_eq!(
            served.attribute("http.response.status_code"),
            span.attribute("http.response.status_code")
        );
        assert_eq!(served.text("http.request.method"), Some(span.name.as_str()));
        assert_eq!(span.text("server.address"), Some("127.0.0.1"));
        assert!(matches!(span.attribute("server.port"), Some(Value::Int(1024..))), "{span:?}");
        for attribute in ["server.address", "server.port"] {
            assert_eq!(served.attribute(attribute), span.attribute(attribute));
        }
    }
    let served: Vec<_> = of(SERVICE).into_iter().filter(|span| span.kind == SERVER).collect();
    assert_eq!(served.len(), requests, "neither the scrape nor the checks of the health are traced");
    assert!(served.iter().all(|span| spans.parent(span).0 == SIMULATOR));
    // A wrong player and a path that is not there.
    assert!(
        spans
            .named("GET /api/players/{id}")
            .any(|span| span.attribute("http.response.status_code") == Some(&Value::Int(404)))
    );
    assert!(spans.named("GET").any(|span| span.kind == SERVER && span.text("http.route").is_none()));
}

fn logins_have_their_player_and_their_query(spans: &Spans) {
    let mut succeeded = 0;
    for login in spans.named("player_login") {
        let (service, request) = spans.parent(login);
        assert_eq!((service, request.name.as_str()), (SERVICE, "POST /api/players/login"));
        assert_eq!(request.text("http.route"), Some("/api/players/login"));
        let username = login.text("player.username").expect("a name");
        let queries = spans.children(login);
        if username == "no such name!" {
            assert!(queries.is_empty() && login.attribute("player.id").is_none(), "{login:?}");
            continue;
        }
        let [query] = queries[..] else { panic!("one query in {login:?}: {queries:?}") };
        assert_eq!((query.name.as_str(), query.kind), ("UPDATE players", CLIENT));
        assert!(says(query, "UPDATE players SET last_login = $1 WHERE"), "{query:?}");
        for (attribute, value) in [
            ("db.system.name", "sqlite"),
            ("db.operation.name", "UPDATE"),
            ("db.collection.name", "players"),
            ("db.query.summary", "UPDATE players"),
        ] {
            assert_eq!(query.text(attribute), Some(value), "{query:?}");
        }
        // Player 0 is the first to register.
        let number: i64 = username.strip_prefix("player-").expect("a player").parse().expect("a number");
        assert_eq!(login.attribute("player.id"), Some(&Value::Int(number + 1)));
        assert!(matches!(login.attribute("login.timestamp"), Some(Value::Int(1_500_000_000..))), "{login:?}");
        succeeded += 1;
    }
    assert!(succeeded > 20, "{succeeded}");
}

/// Returns whether the text of a statement begins like this.
fn says(query: &Span, statement: &str) -> bool {
    query.text("db.query.text").is_some_and(|said| said.starts_with(statement))
}

fn matches_and_money_have_their_attributes(spans: &Spans) {
    for name in ["match_start", "match_complete"] {
        let types: Vec<_> = spans.named(name).map(|span| span.text("match.type").expect("a type")).collect();
        assert!(types.contains(&"solo"), "{name}: {types:?}");
    }
    let start = spans.named("match_start").next().expect("a match");
    let statements: Vec<_> = spans.children(start).into_iter().map(|span| span.name.as_str()).collect();
    assert_eq!(statements, ["BEGIN", "INSERT matches", "INSERT match_players", "COMMIT"]);
    let mut transactions = spans.named("transaction_create").peekable();
    assert!(transactions.peek().is_some());
    for span in transactions {
        let Some(Value::Double(amount)) = span.attribute("transaction.amount") else { panic!("{span:?}") };
        assert!((0.01..1000.0).contains(amount), "{amount}");
        assert!(matches!(span.attribute("player.id"), Some(Value::Int(1..=20))), "{span:?}");
    }
}

fn exemplars_name_spans(spans: &Spans, page: &str) {
    let received: HashMap<_, _> = spans.0.iter().map(|(_, span)| (span.ids(), span)).collect();
    let mut found: HashMap<String, usize> = HashMap::new();
    for Exemplar { series, labels, ids } in exemplars(page) {
        let span = received
            .get(&ids)
            .unwrap_or_else(|| panic!("{series} has a span that was not received: {ids:?}"));
        match series.as_str() {
            "http_requests_total" | "http_request_duration_seconds_bucket" => {
                assert_eq!(span.kind, SERVER, "{series}");
                assert_eq!(span.text("http.request.method"), Some(labels["method"].as_str()));
                if let Some(route) = span.text("http.route") {
                    assert_eq!(route, labels["endpoint"]);
                }
            }
            "database_queries_total" | "database_query_duration_seconds_bucket" => {
                // The span that asked; the statement's is below it.
                let operation = labels["query_type"].to_uppercase();
                let asked = spans.children(span);
                let is_it = |span: &&&Span| span.text("db.operation.name") == Some(&operation);
                assert!(asked.iter().any(|span| is_it(&span)), "{series}: {operation} in {asked:?}");
            }
            "arena_player_logins_total" => assert_eq!(span.name, "player_login"),
            _ => {}
        }
        *found.entry(series).or_default() += 1;
    }
    for series in [
        "http_requests_total",
        "http_request_duration_seconds_bucket",
        "database_query_duration_seconds_bucket",
        "arena_player_logins_total",
    ] {
        assert!(found.contains_key(series), "no exemplar of {series}: {found:?}");
    }
}

#[test]
fn failures_are_on_request_and_query_spans() {
    let collector = Collector::start();
    let arena = Arena::start_as(traced(&collector.endpoint()).env("OTEL_SERVICE_NAME", "mine").args([
        "--simulate",
        "off",
        "--faults",
    ]));
    let event = json!({ "kind": "disk_full", "message": "a test", "seconds": 60 });
    assert_eq!(arena.post("/api/system/event", &event).0, 201);
    assert_eq!(arena.post("/api/players/register", &json!({ "username": "anna" })).0, 503);
    assert_eq!(arena.get("/api/players/7").status, 404);
    arena.process.interrupt();
    arena.ended();
    let spans = collector.spans();
    assert!(spans.0.iter().all(|(service, _)| service == "mine"));
    let request = spans.named("POST /api/players/register").next().expect("the request");
    assert!(request.is_root(), "nobody asked in a span: {request:?}");
    assert_eq!((request.status(), request.text("error.type")), (ERROR, Some("503")));
    let [query] = spans.children(request)[..] else { panic!("one query in {request:?}") };
    assert_eq!((query.name.as_str(), query.status()), ("INSERT players", ERROR));
    assert_eq!(query.text("error.type"), Some("io"));
    assert!(!query.events.is_empty(), "it says why: {query:?}");
    let unknown = spans.named("GET /api/players/{id}").next().expect("the request");
    assert_eq!((unknown.status(), unknown.text("error.type")), (0, None), "the client's error");
}

#[test]
fn missing_collector_is_reported_and_play_goes_on() {
    // Nobody listens on this port.
    let played = traced("http://127.0.0.1:1").args(["--players", "20", "--requests", "20"]).output();
    let played = played.expect("the program");
    assert!(played.status.success(), "{played:?}");
    let printed = String::from_utf8(played.stdout).expect("text");
    assert!(printed.contains("40 requests, ") && printed.contains(" 0 unanswered"), "{printed}");
    let warned = String::from_utf8(played.stderr).expect("text");
    assert!(warned.contains("opentelemetry"), "{warned}");
}

#[test]
fn query_spans_name_the_server() {
    let (collector, server) = (Collector::start(), Postgres::start());
    let mut command = traced(&collector.endpoint());
    let arena = Arena::start_as(command.args(["--simulate", "off"]).env("DATABASE_URL", server.url()));
    assert_eq!(arena.post("/api/players/register", &json!({ "username": "anna" })).0, 201);
    arena.process.interrupt();
    arena.ended();
    let spans = collector.spans();
    let insert = spans.named("INSERT players").next().expect("the statement");
    for (attribute, value) in
        [("db.system.name", "postgresql"), ("db.namespace", "postgres"), ("server.address", "127.0.0.1")]
    {
        assert_eq!(insert.text(attribute), Some(value), "{insert:?}");
    }
    assert!(matches!(insert.attribute("server.port"), Some(Value::Int(1024..))), "{insert:?}");
}

#[test]
fn arena_stops_cleanly_at_any_time() {
    let collector = Collector::start();
    stops_cleanly(|| traced(&collector.endpoint()));
}
