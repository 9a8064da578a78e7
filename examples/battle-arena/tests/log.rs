//! Contents of the standard error.
#![cfg(unix)]

mod arena;

use std::process::Command;

use arena::{Arena, program};
use serde_json::json;

/// Makes a statement fail and returns the log lines about it.
fn written(command: &mut Command) -> Vec<String> {
    let mut arena = Arena::start_as(command.args(["--simulate", "off", "--faults"]));
    let event = json!({ "kind": "disk_full", "message": "a test", "seconds": 60 });
    assert_eq!(arena.post("/api/system/event", &event).0, 201);
    assert_eq!(arena.post("/api/players/register", &json!({ "username": "anna" })).0, 503);
    arena.process.interrupt();
    assert!(arena.process.wait_for_end(arena::LIMIT).success());
    arena.process.errors()
}

#[test]
fn failure_is_logged_with_its_reason() {
    let mut lines = written(&mut program());
    // sqlx warns of a statement that takes a second, which can be on a busy machine.
    lines.retain(|line| line.contains("battle_arena::"));
    let [fault, line] = &lines[..] else { panic!("two lines: {lines:?}") };
    for part in ["WARN", "battle_arena::faults", "disk_full"] {
        assert!(fault.contains(part), "{part} in {fault}");
    }
    for part in ["ERROR", "battle_arena::database", "INSERT players", "no storage space"] {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[test]
fn rust_log_sets_the_level() {
    assert_eq!(written(program().env("RUST_LOG", "off")), Vec::<String>::new());
    assert_eq!(written(program().env("RUST_LOG", "error,battle_arena=off")), Vec::<String>::new());
    let lines = written(program().env("RUST_LOG", "info"));
    // The server tells of its start by `tracing`, and others by `log`.
    assert!(lines.iter().any(|line| line.contains("INFO actix_server")), "{lines:?}");
    let refused =
        program().args(["--players", "20", "--requests", "1"]).env("RUST_LOG", "sqlx=loud").output();
    let refused = refused.expect("the program");
    let message = String::from_utf8(refused.stderr).expect("text");
    assert_eq!(refused.status.code(), Some(1));
    assert!(message.starts_with("error: RUST_LOG: "), "{message}");
}
