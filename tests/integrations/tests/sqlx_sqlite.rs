//! Measured pools of `sqlx` with `SQLite`.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tempfile::tempdir;
use tests_integrations::statements::{Measured, saturation};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn statements() {
    let folder = tempdir().unwrap();
    let options =
        SqliteConnectOptions::new().filename(folder.path().join("numbers.db")).create_if_missing(true);
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off)
        .busy_timeout(Duration::from_secs(60));
    let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await.unwrap();
    let measured = Measured::new("sqlite", pool);
    measured.ten_thousand_statements().await;
    measured.transactions_errors_and_cancellations().await;
}

#[tokio::test]
async fn a_saturated_pool() {
    let options = SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(200));
    saturation(&Measured::new("sqlite", options.connect("sqlite::memory:").await.unwrap())).await;
}
