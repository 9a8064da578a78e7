//! Databases of former versions, of this one and of later ones.
#![cfg(unix)]

mod arena;

use std::thread;

use actix_web::rt::System;
use arena::{Arena, program};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection as _, any::install_default_drivers};
use tests::postgres::Postgres;

/// Migrations that a database has run once the program has started.
const VERSIONS: [(i64, &str); 2] = [(1, "tables"), (2, "revenue")];

/// Runs statements, and gives the rows of the last.
fn run(address: &str, statements: &str, rows: &str) -> Vec<(i64, String)> {
    install_default_drivers();
    System::new().block_on(async {
        let mut connection = AnyConnection::connect(address).await.expect("the database");
        sqlx::raw_sql(statements).execute(&mut connection).await.expect("the statements");
        sqlx::query_as(rows).fetch_all(&mut connection).await.expect("rows")
    })
}

fn versions(address: &str) -> Vec<(i64, String)> {
    run(address, "", "SELECT version, description FROM _sqlx_migrations WHERE success ORDER BY version")
}

fn expected() -> Vec<(i64, String)> {
    VERSIONS.map(|(version, name)| (version, name.to_owned())).to_vec()
}

fn start(address: &str) -> Arena {
    Arena::start_as(program().args(["--simulate", "off"]).env("DATABASE_URL", address))
}

fn stop(arena: Arena) {
    arena.process.interrupt();
    arena.ended();
}

/// A file that goes with the folder.
fn file() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite://{}?mode=rwc", folder.path().join("arena.db").display());
    (folder, address)
}

/// Makes the tables as they were, with a player who has paid, and starts the program with them, twice.
fn is_taken_over(address: &str, key: &str, index: &str) {
    let tables = include_str!("arena/before_versions.sql").replace("KEY,", &format!("{key},"));
    let rows = "INSERT INTO players (username, rating, wins, created_at) VALUES ('anna', 1025, 1, 1700000000); \
                INSERT INTO transactions (player_id, type, item_type, amount_cents, status, created_at) \
                VALUES (1, 'purchase', 'skin', 499, 'completed', 1700000000);";
    run(address, &format!("{tables};{rows}"), "SELECT id, username FROM players");
    for wins in [1, 2] {
        let arena = start(address);
        let (status, anna) = arena.post("/api/players/login", &json!({ "username": "anna" }));
        assert_eq!((status, &anna["id"], &anna["wins"]), (200, &json!(1), &json!(wins)));
        let revenue: Value = serde_json::from_str(&arena.get("/api/stats/revenue").body).expect("JSON");
        assert_eq!(revenue["purchases_cents"], 499);
        let name = format!("ben-{wins}");
        let (_, ben) = arena.post("/api/players/register", &json!({ "username": name }));
        let start = json!({ "match_type": "solo", "players": [1, ben["id"]] });
        let (status, game) = arena.post("/api/matches/start", &start);
        assert_eq!(status, 201, "{game}");
        let complete = json!({ "match_id": game["id"], "winner_id": 1 });
        assert_eq!(arena.post("/api/matches/complete", &complete).0, 200);
        stop(arena);
        assert_eq!(versions(address), expected());
        assert_eq!(run(address, "", index).len(), 1, "the index of version 2");
    }
}

#[test]
fn unversioned_file_is_migrated() {
    let (_folder, address) = file();
    let index = "SELECT 1, name FROM sqlite_master WHERE name = 'transactions_by_type_and_status'";
    is_taken_over(&address, "INTEGER PRIMARY KEY", index);
}

#[test]
fn unversioned_server_is_migrated() {
    let server = Postgres::start();
    let index = "SELECT 1::BIGINT, indexname::TEXT FROM pg_indexes WHERE indexname = 'transactions_by_type_and_status'";
    is_taken_over(&server.url(), "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", index);
}

#[test]
fn concurrent_starts_create_the_tables_once() {
    let server = Postgres::start();
    thread::scope(|scope| {
        for number in 0..3 {
            let server = &server;
            scope.spawn(move || {
                let arena = start(&server.url());
                let name = json!({ "username": format!("player-{number}") });
                assert_eq!(arena.post("/api/players/register", &name).0, 201);
                stop(arena);
            });
        }
    });
    assert_eq!(versions(&server.url()), expected());
}

#[test]
fn database_of_a_newer_version_is_left_alone() {
    let (_folder, address) = file();
    stop(start(&address));
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'later', TRUE, X'00', 1)";
    let with_later = run(&address, later, "SELECT version, description FROM _sqlx_migrations");
    assert_eq!(with_later.len(), VERSIONS.len() + 1);
    let mut command = program();
    command.args(["--players", "20", "--requests", "1"]).env("DATABASE_URL", &address);
    let refused = command.output().expect("the program");
    assert_eq!(refused.status.code(), Some(1));
    let message = String::from_utf8(refused.stderr).expect("text");
    assert!(
        message.starts_with("error: cannot open the database: ") && message.contains("migration 99 "),
        "{message}"
    );
    assert_eq!(versions(&address), with_later);
}
