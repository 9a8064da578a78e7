//! Events of `sqlx` itself. The subscriber is the program's, so this is the only test of the file.

use std::time::{Duration, Instant};

use metrics_core::{Registry, SqlxQueries, testing::value};
use sqlx::{
    ConnectOptions as _,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::tempdir;
use tokio::task::JoinSet;
use tracing_subscriber::layer::SubscriberExt as _;

const SERIES: [&str; 6] = [
    "operation_duration_seconds_count{db_system_name=\"sqlite\",db_operation_name=\"INSERT\"}",
    "operation_duration_seconds_count{db_system_name=\"sqlite\",db_operation_name=\"SELECT\"}",
    "response_returned_rows_sum{db_system_name=\"sqlite\"}",
    "affected_rows_total{db_system_name=\"sqlite\"}",
    "slow_queries_total{db_system_name=\"sqlite\",db_operation_name=\"INSERT\"}",
    "slow_queries_total{db_system_name=\"sqlite\",db_operation_name=\"SELECT\"}",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_queries_by_eight_tasks() {
    let registry = Registry::new();
    let queries = SqlxQueries::register_in(&registry, "sqlite").unwrap();
    let subscriber = tracing_subscriber::registry().with(queries.layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let read = || SERIES.map(|series| value(&registry, &format!("db_client_{series}")));
    assert_eq!(read(), [Some(0.0); 6]);

    let folder = tempdir().unwrap();
    let options =
        SqliteConnectOptions::new().filename(folder.path().join("numbers.db")).create_if_missing(true);
    let options = options.synchronous(SqliteSynchronous::Off).busy_timeout(Duration::from_secs(60));
    // All are slow for it, so that all are counted as slow.
    let options = options.log_slow_statements(log::LevelFilter::Warn, Duration::ZERO);
    let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE numbers (number BIGINT PRIMARY KEY)").execute(&pool).await.unwrap();
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let pool = pool.clone();
        tasks.spawn(async move {
            for number in 0..625 {
                let number = task * 625 + number;
                let insert = format!("INSERT INTO numbers VALUES ({number})");
                sqlx::query(&insert).execute(&pool).await.unwrap();
                let select = format!("SELECT number FROM numbers WHERE number = {number}");
                sqlx::query(&select).fetch_one(&pool).await.unwrap();
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
    pool.close().await;
    // The threads of the connections give the last events.
    let expected = [5000.0; 6].map(Some);
    let deadline = Instant::now() + Duration::from_secs(30);
    while read() != expected && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(read(), expected);
}
