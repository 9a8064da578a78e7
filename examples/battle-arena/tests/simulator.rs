//! The simulator, and the program's begin and end.
#![cfg(unix)]

mod arena;

use std::{io::Write as _, net::TcpStream, process::Command};

use arena::{Arena, LIMIT, program, stopping::stops_cleanly};
use tests::wait;

/// Returns the business counters after 400 requests with a seed.
fn played(seed: &str) -> Vec<String> {
    let arena = Arena::start(&[
        "--simulate",
        "normal",
        "--seed",
        seed,
        "--players",
        "50",
        "--chaos",
        "0",
        "--requests",
        "400",
    ]);
    arena.ended()
}

#[test]
fn simulator_ends_after_its_requests() {
    let output = played("3");
    // The players register before.
    assert!(output.iter().any(|line| line.starts_with("450 requests, ")), "{output:?}");
    assert!(output.iter().any(|line| line.contains(" 0 failed (5xx), 0 unanswered, 0 unsent")), "{output:?}");
    assert_eq!(output.last().map(String::as_str), Some("stopped"));
    let summary = |output: Vec<String>| output.into_iter().find(|line| line.contains("refused (4xx)"));
    assert_eq!(summary(output), summary(played("3")), "a seed is a game");
}

#[test]
fn simulator_plays_against_another_service() {
    let arena = Arena::start(&["--simulate", "off"]);
    let target = format!("http://{}", arena.address);
    let output = program()
        .args(["--target", &target, "--players", "20", "--chaos", "0", "--requests", "1000"])
        .output()
        .expect("the program");
    assert!(output.status.success(), "{output:?}");
    assert!(arena.value("arena_player_logins_total") > 50.0);
    assert!(arena.value("arena_matches_total{match_type=\"solo\",status=\"completed\"}") > 0.0);
    assert!(arena.value("arena_player_registrations_total") >= 20.0);
}

#[test]
fn fault_is_on_the_page_and_ends() {
    let arena = Arena::start(&["--simulate", "off", "--faults"]);
    let register =
        |name: &str| arena.post("/api/players/register", &serde_json::json!({ "username": name })).0;
    // On a busy machine a short fault may be over before anybody meets it.
    let times = [1, 4, 15, 60];
    let meets = |seconds: &u64| {
        let event = serde_json::json!({ "kind": "disk_full", "message": "a test", "seconds": seconds });
        assert_eq!(arena.post("/api/system/event", &event).0, 201);
        register(&format!("early-{seconds}")) == 503
    };
    let met = times.iter().position(meets).expect("somebody meets the fault");
    let events: f64 = times[..=met].iter().map(|_| 1.0).sum();
    arena.assert_value(r#"arena_system_events_total{kind="disk_full"}"#, events);
    assert_eq!(arena.get("/health").status, 200, "what is there can be read");
    wait::until_equal(LIMIT, "the fault is over", &1.0, || arena.value(r#"arena_fault{arena_fault="none"}"#));
    assert_eq!(register("anna"), 201);
    assert!(arena.value(r#"database_queries_total{query_type="insert",result="error"}"#) > 0.0);
}

#[test]
fn arena_stops_cleanly_at_any_time() {
    stops_cleanly(program);
}

/// Starts the arena and a request that it waits for: the rest of the body does not come.
fn with_unfinished_request() -> (Arena, TcpStream) {
    let arena = Arena::start(&["--simulate", "off"]);
    let mut client = TcpStream::connect(arena.address).expect("the arena listens");
    let head = "POST /api/players/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\n\r\n{";
    client.write_all(head.as_bytes()).expect("the arena reads");
    let gauge = r#"http_requests_in_progress{method="POST",endpoint="/api/players/register"}"#;
    wait::until_equal(LIMIT, "the request", &true, || {
        arena.get("/metrics").body.contains(&format!("{gauge} 1\n"))
    });
    (arena, client)
}

#[test]
fn simultaneous_signals_are_one_stop_request() {
    let (mut arena, client) = with_unfinished_request();
    let process = arena.process.id().to_string();
    let sent = Command::new("sh").args(["-c", "kill -INT $0 && kill -TERM $0", &process]).status();
    assert!(sent.expect("a shell").success());
    // No other request is taken once it stops.
    wait::until_equal(LIMIT, "the end of the port", &true, || TcpStream::connect(arena.address).is_err());
    drop(client);
    let status = arena.process.wait_for_end(LIMIT);
    let output = arena.process.output();
    assert_eq!((status.code(), output.last().map(String::as_str)), (Some(0), Some("stopped")), "{output:?}");
}

#[test]
fn later_signal_stops_at_once() {
    let (mut arena, _client) = with_unfinished_request();
    let ended = wait::poll(LIMIT, || {
        arena.process.interrupt();
        arena.process.output().iter().any(|line| line.starts_with("stopped")).then_some(())
    });
    assert!(ended.is_some(), "it runs on");
    let status = arena.process.wait_for_end(LIMIT);
    let output = arena.process.output();
    assert_eq!(status.code(), Some(130), "{output:?}");
    assert!(output.last().is_some_and(|line| line.starts_with("stopped at once: SIGINT, ")), "{output:?}");
}

#[test]
fn invalid_options_are_reported() {
    let fails = |command: &mut Command| {
        let output = command.output().expect("the program");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let message = fails(program().args(["--simulate", "fast"]));
    assert!(message.contains("one of slow, normal, stress, tournament or off"), "{message}");
    let message = fails(program().env("DATABASE_URL", "sqlite:///nowhere/arena.db"));
    assert!(message.starts_with("error: cannot open the database: "), "{message}");
}
