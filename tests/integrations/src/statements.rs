//! Statements in a measured pool of any database, and the counts that they leave.

use std::{pin::pin, time::Duration};

use metrics_core::{MeasuredPool, Registry, count_database_use, testing::value};
use sqlx::{Database, Error, Executor, IntoArguments, Pool};
use tests::futures::poll_once;
use tokio::{task::JoinSet, time::sleep};

const OPERATIONS: [&str; 9] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "_OTHER"];
const ERRORS: [&str; 4] = ["constraint", "connection", "cancelled", "_OTHER"];

/// A measured pool and its registry.
#[derive(Debug)]
pub struct Measured<DB: Database> {
    pool: MeasuredPool<DB>,
    registry: Registry,
    system: &'static str,
}

impl<DB: Database> Measured<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'q> DB::Arguments<'q>: IntoArguments<'q, DB>,
{
    /// Measures a pool.
    ///
    /// # Panics
    ///
    /// If the metrics cannot be registered.
    pub fn new(system: &'static str, pool: Pool<DB>) -> Self {
        let registry = Registry::new();
        let pool = MeasuredPool::register_in(&registry, "main", system, pool).unwrap();
        Self { pool, registry, system }
    }

    fn operations(&self, operation: &str, error: Option<&str>) -> u64 {
        let error = error.map(|error| format!(",error_type=\"{error}\"")).unwrap_or_default();
        let labels = format!("db_system_name=\"{}\",db_operation_name=\"{operation}\"{error}", self.system);
        count(&self.registry, &format!("db_client_operation_duration_seconds_count{{{labels}}}"))
    }

    /// Returns the counts of waits, of uses, of time-outs, and of other errors.
    fn connections(&self) -> [u64; 4] {
        ["wait_time_seconds_count", "use_time_seconds_count", "timeouts_total", "acquire_errors_total"].map(
            |name| {
                let labels = "db_client_connection_pool_name=\"main\"";
                count(&self.registry, &format!("db_client_connection_{name}{{{labels}}}"))
            },
        )
    }

    async fn execute(&self, statement: &str) -> sqlx::Result<()> {
        sqlx::query(statement).execute(&self.pool).await.map(drop)
    }

    /// Expects every series at zero, runs 10,000 different statements in 8 tasks, of which 1,000 fail, and expects exact counts.
    ///
    /// # Panics
    ///
    /// If a count is another.
    pub async fn ten_thousand_statements(&self) {
        for operation in OPERATIONS {
            let errors = ERRORS.map(Some).into_iter().chain([None]);
            let counts: Vec<_> = errors.map(|error| self.operations(operation, error)).collect();
            assert_eq!(counts, [0; 5], "{operation} before the first");
        }
        assert_eq!(self.connections(), [0; 4]);
        let series = self.registry.text().lines().count();
        self.execute("CREATE TABLE numbers (number BIGINT PRIMARY KEY)").await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..8_i64 {
            let pool = self.pool.clone();
            tasks.spawn(count_database_use(async move {
                for number in 0..1250 {
                    let number = task * 1250 + number;
                    // Every tenth number is there already.
                    let statement =
                        format!("INSERT INTO numbers VALUES ({})", number - i64::from(number % 10 == 9));
                    let result = sqlx::query(&statement).execute(&pool).await;
                    assert_eq!(result.is_err(), number % 10 == 9, "{statement}: {:?}", result.err());
                }
            }));
        }
        while let Some(result) = tasks.join_next().await {
            let ((), used) = result.unwrap();
            assert_eq!(used.operations, 1250, "those of a task are its own");
        }
        assert_eq!(self.operations("INSERT", None), 9000);
        assert_eq!(self.operations("INSERT", Some("constraint")), 1000);
        assert_eq!(self.operations("_OTHER", None), 1);
        assert_eq!(self.connections(), [10_001, 10_001, 0, 0]);
        assert_eq!(self.registry.text().lines().count(), series, "no text has made a series");
    }

    /// Runs transactions, a statement that is wrong, and a query that is dropped after its first row.
    ///
    /// # Panics
    ///
    /// If a count is another.
    pub async fn transactions_errors_and_cancellations(&self) {
        let mut transaction = self.pool.begin().await.unwrap();
        sqlx::query("DELETE FROM numbers WHERE number = 7").execute(transaction.executor()).await.unwrap();
        sqlx::query("DELETE FROM numbers WHERE number = 6").execute(transaction.executor()).await.unwrap();
        transaction.commit().await.unwrap();
        let mut transaction = self.pool.begin().await.unwrap();
        sqlx::query("DELETE FROM numbers").execute(transaction.executor()).await.unwrap();
        transaction.rollback().await.unwrap();
        for (operation, expected) in [("BEGIN", 2), ("COMMIT", 1), ("ROLLBACK", 1), ("DELETE", 3)] {
            assert_eq!(self.operations(operation, None), expected, "{operation}");
        }
        let select = "SELECT number FROM numbers ORDER BY number";
        let rows = sqlx::query(select).fetch_all(&self.pool).await.unwrap();
        assert_eq!(rows.len(), 8998);
        let missing = sqlx::query("SELECT number FROM numbers WHERE number = 7").fetch_one(&self.pool).await;
        assert!(matches!(missing, Err(Error::RowNotFound)));
        assert!(self.execute("SELECT nothing FROM nowhere").await.is_err());
        let mut connection = self.pool.acquire().await.unwrap();
        {
            let mut rows = sqlx::query(select).fetch(connection.executor());
            let first =
                std::future::poll_fn(|context| futures_core::Stream::poll_next(rows.as_mut(), context));
            assert!(first.await.unwrap().is_ok());
        }
        assert_eq!(self.operations("SELECT", None), 2);
        assert_eq!(self.operations("SELECT", Some("_OTHER")), 1);
        assert_eq!(self.operations("SELECT", Some("cancelled")), 1);
    }
}

/// Lets two waits for the only connection of a pool time out, and keeps a third waiting for 50 ms.
///
/// # Panics
///
/// If a count is another.
pub async fn saturation<DB: Database>(measured: &Measured<DB>)
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'q> DB::Arguments<'q>: IntoArguments<'q, DB>,
{
    let held = measured.pool.acquire().await.unwrap();
    assert!(matches!(measured.pool.acquire().await, Err(Error::PoolTimedOut)));
    assert!(matches!(measured.execute("SELECT 1").await, Err(Error::PoolTimedOut)));
    assert_eq!(measured.connections(), [1, 0, 2, 0]);
    assert_eq!(measured.operations("SELECT", None), 0);
    let used = "db_client_connection_count{db_client_connection_pool_name=\"main\",db_client_connection_state=\"used\"}";
    assert_eq!(count(&measured.registry, used), 1);

    let bucket = |bound: &str| {
        let labels = format!("db_client_connection_pool_name=\"main\",le=\"{bound}\"");
        count(&measured.registry, &format!("db_client_connection_wait_time_seconds_bucket{{{labels}}}"))
    };
    let before = (bucket("0.05"), bucket("+Inf"));
    let mut waiting = pin!(measured.pool.acquire());
    assert!(poll_once(waiting.as_mut()).is_pending());
    sleep(Duration::from_millis(51)).await;
    drop(held);
    drop(waiting.await.unwrap());
    assert_eq!((bucket("0.05"), bucket("+Inf")), (before.0, before.1 + 1), "it waited for longer");
    measured.pool.inner().close().await;
    assert!(matches!(measured.pool.acquire().await, Err(Error::PoolClosed)));
    assert_eq!(measured.connections(), [2, 2, 2, 1]);
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count
fn count(registry: &Registry, series: &str) -> u64 {
    value(registry, series).unwrap_or_else(|| panic!("{series} in\n{}", registry.text())) as u64
}
