//! Events as `sqlx` gives them; with the feature `sqlx-queries`. The package `tests-integrations` has those of `sqlx` itself.

#![cfg(all(feature = "sqlx-queries", feature = "enabled"))]
#![allow(clippy::float_cmp)] // counts

use std::time::Duration;

use metrics_core::{Registry, SqlxQueries, testing::value};
use tracing::{Dispatch, Level, dispatcher::with_default, enabled, event};
use tracing_subscriber::layer::SubscriberExt as _;

/// An event as `sqlx` 0.8 gives it.
fn query(summary: &str, elapsed: Duration, (returned, affected): (u64, u64)) {
    let (summary, text) = (summary.to_owned(), String::new());
    event!(
        target: "sqlx::query",
        Level::DEBUG,
        summary,
        db.statement = text,
        rows_affected = affected,
        rows_returned = returned,
        ?elapsed,
        elapsed_secs = elapsed.as_secs_f64(),
    );
}

fn slow_query(summary: &str, elapsed: Duration) {
    let threshold = Duration::from_secs(1);
    event!(
        target: "sqlx::query",
        Level::WARN,
        summary,
        rows_affected = 0_u64,
        rows_returned = 0_u64,
        ?elapsed,
        elapsed_secs = elapsed.as_secs_f64(),
        slow_threshold = ?threshold,
        "slow statement: execution time exceeded alert threshold"
    );
}

#[test]
fn queries_by_operation() {
    let registry = Registry::new();
    let queries = SqlxQueries::register_in(&registry, "sqlite").unwrap();
    let read = |name: &str, labels: &str| {
        let name = format!("db_client_{name}{{db_system_name=\"sqlite\"{labels}}}");
        value(&registry, &name).unwrap_or_else(|| panic!("{name} in\n{}", registry.text()))
    };
    let operations =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "_OTHER"];
    for operation in operations {
        let label = format!(",db_operation_name=\"{operation}\"");
        assert_eq!(read("operation_duration_seconds_count", &label), 0.0, "before the first query");
        assert_eq!(read("slow_queries_total", &label), 0.0);
    }
    assert_eq!((read("response_returned_rows_count", ""), read("affected_rows_total", "")), (0.0, 0.0));
    let subscriber = Dispatch::new(tracing_subscriber::registry().with(queries.layer()));
    with_default(&subscriber, || {
        query("SELECT id FROM players", Duration::from_millis(3), (7, 0));
        query("select id FROM players", Duration::from_millis(30), (2, 0));
        slow_query("INSERT INTO matches (id)", Duration::from_secs(2));
        query("PRAGMA a", Duration::from_millis(1), (0, 0));
        query("UPDATE a SET b", Duration::from_millis(1), (0, 5));
        event!(target: "sqlx::query", Level::DEBUG, "no query");
        event!(target: "other", Level::DEBUG, summary = "SELECT", elapsed_secs = 1.0);
        assert!(!enabled!(target: "other", Level::ERROR), "the layer asks for no other events");
    });
    let of = |operation: &str| format!(",db_operation_name=\"{operation}\"");
    let count = |operation| read("operation_duration_seconds_count", &of(operation));
    assert_eq!(operations.map(count), [2.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(
        operations.map(|operation| read("slow_queries_total", &of(operation))).iter().sum::<f64>(),
        1.0
    );
    assert_eq!(read("slow_queries_total", &of("INSERT")), 1.0);
    assert_eq!(read("operation_duration_seconds_bucket", &format!("{},le=\"0.005\"", of("SELECT"))), 1.0);
    assert_eq!(read("operation_duration_seconds_sum", &of("SELECT")), 0.033);
    assert_eq!((read("response_returned_rows_sum", ""), read("affected_rows_total", "")), (9.0, 5.0));
    drop(subscriber);
    assert_eq!(registry.text(), "", "the metrics end with the layer");
}

#[test]
fn ten_thousand_texts_make_no_series() {
    let registry = Registry::new();
    let queries = SqlxQueries::register_in(&registry, "sqlite").unwrap();
    let lines = || registry.text().lines().count();
    let before = lines();
    let subscriber = Dispatch::new(tracing_subscriber::registry().with(queries.layer()));
    with_default(&subscriber, || {
        for number in 0..10_000 {
            query(&format!("OPERATION{number} a"), Duration::from_millis(1), (0, 0));
        }
    });
    assert_eq!(lines(), before);
    let other =
        "db_client_operation_duration_seconds_count{db_system_name=\"sqlite\",db_operation_name=\"_OTHER\"}";
    assert_eq!(value(&registry, other), Some(10_000.0));
}
