//! Queries, transactions and connections of `diesel-async` with `PostgreSQL`, which the test starts.

use diesel::{result::Error, sql_query};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use metrics_core::count_database_use;
use tests::{futures::poll_once, postgres::Postgres};
use tests_integrations::diesel_counts::Counts;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn queries_transactions_and_connections() {
    let counts = Counts::install("postgresql");
    let server = Postgres::start();
    let url = server.url();
    let mut connection = AsyncPgConnection::establish(&url).await.unwrap();
    connection.batch_execute("CREATE TABLE numbers (number BIGINT PRIMARY KEY)").await.unwrap();
    let mut tasks = JoinSet::new();
    for task in 0..8_i64 {
        let url = url.clone();
        tasks.spawn(async move {
            // It sends statements of its own.
            let mut connection = AsyncPgConnection::establish(&url).await.unwrap();
            let inserts = async {
                for number in 0..1250 {
                    let number = task * 1250 + number;
                    // Every tenth number is there already.
                    let text =
                        format!("INSERT INTO numbers VALUES ({})", number - i64::from(number % 10 == 9));
                    let result = sql_query(text).execute(&mut connection).await;
                    assert_eq!(result.is_err(), number % 10 == 9, "{:?}", result.err());
                }
            };
            count_database_use(inserts).await
        });
    }
    while let Some(result) = tasks.join_next().await {
        let ((), used) = result.unwrap();
        assert_eq!(used.operations, 1250, "those of a task are its own");
    }
    assert_eq!(counts.operations("INSERT", ""), Some(9000.0));
    assert_eq!(counts.operations("INSERT", "constraint"), Some(1000.0));
    assert_eq!(counts.connections(), [Some(9.0), Some(0.0)]);

    let committed = connection.transaction(async |connection| {
        sql_query("DELETE FROM numbers WHERE number = 7").execute(connection).await
    });
    assert!(committed.await.is_ok());
    let rolled_back = connection.transaction(async |connection| {
        sql_query("DELETE FROM numbers").execute(connection).await?;
        Err::<(), _>(Error::RollbackTransaction)
    });
    assert!(rolled_back.await.is_err());
    assert_eq!(counts.transactions(), [1.0, 1.0, 0.0].map(Some));

    // It is dropped before the server answers; the connection goes on.
    let sleep = sql_query("SELECT pg_sleep(60)").execute(&mut connection);
    assert!(poll_once(sleep).is_pending());
    drop(connection);
    assert_eq!(counts.operations("SELECT", "cancelled"), Some(1.0));
}
