//! Queries, transactions and connections of `diesel` with `SQLite`.

use std::thread;

use diesel::{
    Connection as _, RunQueryDsl as _,
    connection::{AnsiTransactionManager, SimpleConnection as _},
    result::Error,
    sqlite::SqliteConnection,
};
use tempfile::tempdir;
use tests_integrations::diesel_counts::Counts;

#[test]
fn queries_transactions_and_connections() {
    let counts = Counts::install("sqlite");
    let folder = tempdir().unwrap();
    let path = folder.path().join("numbers.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    let prepare = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE numbers (number BIGINT PRIMARY KEY)";
    connection.batch_execute(prepare).unwrap();
    let lines = counts.registry.text().lines().count();
    inserts(&counts, &path);
    assert_eq!(counts.registry.text().lines().count(), lines, "no text has made a series");

    assert!(diesel::sql_query("SELECT nothing FROM nowhere").execute(&mut connection).is_err());
    assert_eq!(counts.operations("SELECT", "_OTHER"), Some(1.0));
    let missing = folder.path().join("no/folder");
    assert!(SqliteConnection::establish(&missing.display().to_string()).is_err());
    assert_eq!(counts.connections(), [Some(9.0), Some(1.0)]);

    transactions(&counts, &mut connection);
}

/// Runs 10,000 different statements in 8 threads, of which 1,000 fail.
fn inserts(counts: &Counts, path: &str) {
    let threads: Vec<_> = (0..8_i64)
        .map(|thread| {
            let path = path.to_owned();
            thread::spawn(move || {
                let mut connection = SqliteConnection::establish(&path).unwrap();
                connection.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF").unwrap();
                for number in 0..1250 {
                    let number = thread * 1250 + number;
                    // Every tenth number is there already.
                    let text =
                        format!("INSERT INTO numbers VALUES ({})", number - i64::from(number % 10 == 9));
                    let result = diesel::sql_query(text).execute(&mut connection);
                    assert_eq!(result.is_err(), number % 10 == 9, "{:?}", result.err());
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(counts.operations("INSERT", ""), Some(9000.0));
    assert_eq!(counts.operations("INSERT", "constraint"), Some(1000.0));
    assert_eq!(counts.operations("_OTHER", ""), Some(9.0));
    assert_eq!(counts.connections(), [Some(9.0), Some(0.0)]);
}

fn transactions(counts: &Counts, connection: &mut SqliteConnection) {
    let delete =
        |connection: &mut SqliteConnection| diesel::sql_query("DELETE FROM numbers").execute(connection);
    connection.transaction(|connection| connection.transaction(delete)).unwrap();
    let rolled_back = connection.transaction(|connection| {
        connection.transaction(delete)?;
        Err::<(), _>(Error::RollbackTransaction)
    });
    assert!(rolled_back.is_err());
    assert_eq!(counts.transactions(), [1.0, 1.0, 0.0].map(Some), "a savepoint is no transaction");
    for (operation, expected) in [("BEGIN", 2.0), ("COMMIT", 1.0), ("ROLLBACK", 1.0), ("DELETE", 2.0)] {
        assert_eq!(counts.operations(operation, ""), Some(expected), "{operation}");
    }
    connection.batch_execute("BEGIN").unwrap();
    connection.batch_execute("ROLLBACK").unwrap();
    assert_eq!(
        counts.transactions(),
        [1.0, 1.0, 0.0].map(Some),
        "those by hand are no transactions of diesel"
    );

    // A constraint that is checked at the end.
    let deferred = "PRAGMA foreign_keys = ON;
        CREATE TABLE players (id BIGINT PRIMARY KEY);
        CREATE TABLE scores (player BIGINT REFERENCES players (id) DEFERRABLE INITIALLY DEFERRED)";
    connection.batch_execute(deferred).unwrap();
    let insert = |connection: &mut SqliteConnection| {
        diesel::sql_query("INSERT INTO scores VALUES (7)").execute(connection)
    };
    assert!(connection.transaction(insert).is_err());
    assert_eq!(counts.operations("COMMIT", "constraint"), Some(1.0));
    assert_eq!(counts.transactions(), [1.0, 2.0, 0.0].map(Some), "a commit that fails is rolled back");

    let mut other = SqliteConnection::establish(":memory:").unwrap();
    other.set_instrumentation(counts.metrics.instrumentation());
    AnsiTransactionManager::begin_transaction_sql(&mut other, "BEGIN").unwrap();
    drop(other);
    assert_eq!(counts.transactions(), [1.0, 2.0, 1.0].map(Some), "the connection ends within it");
}
