//! The HTTP interface: responses and their metrics.
#![cfg(unix)]

mod arena;

use actix_web::rt::System;
use arena::{Arena, LIMIT, program};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tests::{postgres::Postgres, promtool, wait};

fn register(arena: &Arena, name: &str) -> i64 {
    let (status, answer) = arena.post("/api/players/register", &json!({ "username": name }));
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_i64().expect("a key")
}

#[test]
fn players_matches_and_transactions_are_counted_with_sqlite() {
    play(&Arena::start(&["--simulate", "off"]), "sqlite");
}

#[test]
fn players_matches_and_transactions_are_counted_with_postgresql() {
    let server = Postgres::start();
    let arena = Arena::start_as(program().args(["--simulate", "off"]).env("DATABASE_URL", server.url()));
    play(&arena, "postgresql");
}

/// Plays two matches, and compares the responses and the page.
fn play(arena: &Arena, system: &str) {
    for line in [
        "arena_player_logins_total",
        r#"arena_matches_total{match_type="tournament",status="crashed"}"#,
        r#"arena_revenue_usd_total{item_type="skin"}"#,
        r#"arena_transactions_total{type="refund",status="failed"}"#,
        r#"database_queries_total{query_type="update",result="error"}"#,
    ] {
        arena.assert_value(line, 0.0);
    }
    let (anna, ben) = (register(arena, "anna"), register(arena, "ben"));
    let (status, player) = arena.post("/api/players/login", &json!({ "username": "anna" }));
    assert_eq!((status, &player["id"], &player["rating"]), (200, &json!(anna), &json!(1000)));
    let start = json!({ "match_type": "solo", "players": [anna, ben] });
    let (status, first) = arena.post("/api/matches/start", &start);
    assert_eq!((status, &first["status"]), (201, &json!("in_progress")));
    let (_, second) = arena.post("/api/matches/start", &start);
    let complete = json!({ "match_id": first["id"], "winner_id": ben });
    assert_eq!(arena.post("/api/matches/complete", &complete).0, 200);
    assert_eq!(arena.post("/api/matches/complete", &complete).0, 409, "a match ends once");
    assert_eq!(arena.post("/api/matches/crash", &json!({ "match_id": second["id"] })).0, 200);
    let mut buy = json!({ "player_id": anna, "type": "purchase", "item_type": "skin", "amount_cents": 499, "card": "good" });
    assert_eq!(arena.post("/api/transactions/create", &buy).0, 201);
    buy["card"] = json!("declined");
    let (status, answer) = arena.post("/api/transactions/create", &buy);
    assert_eq!((status, answer), (402, json!({ "error": "declined", "message": "the card was declined" })));
    let board: Value = serde_json::from_str(&arena.get("/api/leaderboard?limit=1").body).expect("JSON");
    assert_eq!(board, json!([{ "username": "ben", "rating": 1025, "wins": 1 }]));
    for (path, expected) in [
        ("/api/stats/players", json!({ "registered": 2, "active": 1 })),
        ("/api/stats/matches", json!({ "in_progress": 0, "completed": 1, "crashed": 1 })),
        (
            "/api/stats/revenue",
            json!({ "purchases": 1, "purchases_cents": 499, "refunds": 0, "refunds_cents": 0, "failed": 1 }),
        ),
    ] {
        assert_eq!(serde_json::from_str::<Value>(&arena.get(path).body).expect("JSON"), expected, "{path}");
    }
    for (series, value) in [
        ("arena_player_registrations_total", 2.0),
        ("arena_player_logins_total", 1.0),
        (r#"arena_matches_total{match_type="solo",status="started"}"#, 2.0),
        (r#"arena_matches_total{match_type="solo",status="completed"}"#, 1.0),
        (r#"arena_matches_total{match_type="solo",status="crashed"}"#, 1.0),
        ("arena_matches_crashed_total", 1.0),
        (r#"arena_revenue_usd_total{item_type="skin"}"#, 4.99),
        (r#"arena_transactions_total{type="purchase",status="completed"}"#, 1.0),
        (r#"arena_transactions_total{type="purchase",status="failed"}"#, 1.0),
        ("arena_transaction_failure_ratio", 0.5),
        (r#"http_requests_total{method="POST",endpoint="/api/matches/complete",status="409"}"#, 1.0),
        (r#"http_requests_total{method="POST",endpoint="/api/transactions/create",status="402"}"#, 1.0),
        (r#"api_info{version="0.1.0",service="battle-arena"}"#, 1.0),
    ] {
        arena.assert_value(series, value);
    }
    assert!(arena.value(r#"metrics_scrapes_total{format="text"}"#) > 10.0, "the scrapes above");
    wait::until_equal(LIMIT, "the gauge follows the database", &1.0, || arena.value("arena_active_players"));
    assert_connections_are_measured(arena, system);
    assert_names_are_good(arena);
}

fn assert_connections_are_measured(arena: &Arena, system: &str) {
    // Two matches began, and one of two tries ended one.
    let commits = format!(
        r#"db_client_operation_duration_seconds_count{{db_system_name="{system}",db_operation_name="COMMIT"}}"#
    );
    arena.assert_value(&commits, 4.0);
    arena.assert_value(r#"db_client_connection_timeouts_total{db_client_connection_pool_name="arena"}"#, 0.0);
    // One query for all of its rows.
    arena.assert_value(r#"http_request_db_queries_count{endpoint="/api/leaderboard"}"#, 1.0);
    arena.assert_value(r#"http_request_db_queries_sum{endpoint="/api/leaderboard"}"#, 1.0);
}

fn assert_names_are_good(arena: &Arena) {
    let verdict = promtool::check_metrics(&arena.get("/metrics").body);
    // The name is that of OpenTelemetry's conventions.
    let findings =
        "db_client_connection_count non-histogram and non-summary metrics should not have \"_count\" suffix";
    assert_eq!(verdict, promtool::Verdict { code: Some(3), findings: findings.to_owned() });
}

#[test]
fn invalid_requests_are_refused_in_json() {
    let arena = Arena::start(&["--simulate", "off"]);
    let anna = register(&arena, "anna");
    let pay = |cents: i64| json!({ "player_id": anna, "type": "purchase", "item_type": "skin", "amount_cents": cents, "card": "good" });
    for (path, body, status, word) in [
        ("/api/players/register", json!({ "username": "anna" }), 409, "conflict"),
        ("/api/players/register", json!({ "username": "a" }), 400, "invalid"),
        ("/api/players/register", json!({ "username": "a'; DROP TABLE players" }), 400, "invalid"),
        ("/api/players/register", json!({ "name": "anna" }), 400, "invalid"),
        ("/api/players/login", json!({ "username": "nobody" }), 404, "not_found"),
        ("/api/matches/start", json!({ "match_type": "solo", "players": [anna] }), 400, "invalid"),
        ("/api/matches/start", json!({ "match_type": "solo", "players": [anna, anna] }), 400, "invalid"),
        ("/api/matches/start", json!({ "match_type": "duel", "players": [anna, 2] }), 400, "invalid"),
        ("/api/matches/start", json!({ "match_type": "solo", "players": [anna, 99] }), 404, "not_found"),
        ("/api/matches/complete", json!({ "match_id": 1, "winner_id": anna }), 409, "conflict"),
        ("/api/matches/crash", json!({ "match_id": 1 }), 409, "conflict"),
        ("/api/transactions/create", pay(0), 400, "invalid"),
        ("/api/transactions/create", pay(100_001), 400, "invalid"),
        ("/api/system/event", json!({ "kind": "flood", "message": "" }), 400, "invalid"),
        ("/api/system/event", json!({ "kind": "high_cpu", "message": "", "seconds": 61 }), 400, "invalid"),
        ("/api/leaderboard", json!({}), 405, "method_not_allowed"),
        ("/nowhere", json!({}), 404, "not_found"),
    ] {
        let (got, answer) = arena.post(path, &body);
        assert_eq!((got, &answer["error"]), (status, &json!(word)), "{path} {body}: {answer}");
        assert!(answer["message"].as_str().is_some_and(|message| message.len() > 5), "{answer}");
    }
    for (path, status) in [
        ("/api/players/one", 400),
        ("/api/players/99", 404),
        ("/api/leaderboard?limit=0", 400),
        ("/api/leaderboard?limit=x", 400),
        ("/api/matches/start", 405),
    ] {
        let answer = arena.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
    }
    assert_eq!(
        serde_json::from_str::<Value>(&arena.get("/api/stats/matches").body).expect("JSON")["in_progress"],
        0
    );
}

#[test]
fn health_follows_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("arena.db");
    let address = format!("sqlite://{}?mode=rwc", file.display());
    let arena = Arena::start_as(program().args(["--simulate", "off"]).env("DATABASE_URL", &address));
    let health = || {
        let health = arena.get("/health");
        let report: Value = serde_json::from_str(&health.body).expect("JSON");
        let check = &report["checks"][0];
        assert_eq!(check["name"], "database");
        (health.status, check["status"].as_str().expect("a status").to_owned())
    };
    wait::until_equal(LIMIT, "the health", &(200, "ok".to_owned()), health);
    for (name, other, status, word) in [("players", "gone", 503, "failed"), ("gone", "players", 200, "ok")] {
        rename_table(&address, name, other);
        assert_eq!(arena.get("/api/stats/players").status, status);
        // What the check found is shown for a second.
        wait::until_equal(LIMIT, "the health", &(status, word.to_owned()), health);
    }
}

fn rename_table(address: &str, name: &str, other: &str) {
    System::new().block_on(async {
        let mut connection = SqliteConnection::connect(address).await.expect("the database");
        let rename = format!("ALTER TABLE {name} RENAME TO {other}");
        sqlx::query(&rename).execute(&mut connection).await.expect("the table");
    });
}
