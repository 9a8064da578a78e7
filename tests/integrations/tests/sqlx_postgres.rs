//! Measured pools of `sqlx` with `PostgreSQL`, which the test starts.

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use tests::postgres::Postgres;
use tests_integrations::statements::{Measured, saturation};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn statements_and_saturation() {
    let server = Postgres::start();
    let pool = PgPoolOptions::new().max_connections(8).connect(&server.url()).await.unwrap();
    let measured = Measured::new("postgresql", pool);
    measured.ten_thousand_statements().await;
    measured.transactions_errors_and_cancellations().await;

    let options = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(2));
    saturation(&Measured::new("postgresql", options.connect(&server.url()).await.unwrap())).await;
}
