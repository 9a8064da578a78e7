//! Pools of `sqlx` whose waits and operations are measured.

use std::{fmt, marker::PhantomData, ops::DerefMut, sync::Arc};

use async_stream::try_stream;
use futures_util::{TryStreamExt as _, future::BoxFuture, stream::BoxStream};
use sqlx::{
    Database, Describe, Either, Error, Execute, Executor, Pool, Transaction, error::ErrorKind,
    pool::PoolConnection,
};

use super::{
    measured_operation::{ErrorType, MeasuredOperation, OperationMetrics},
    operations::SYSTEM_NAME,
    pool::{PoolMetrics, PoolStatus},
    pool_times::{PoolTimes, UseTime},
    sql_operation::SqlOperation,
};
use crate::{clock::Stopwatch, model::RegistrationError, registry::Registry};

/// A pool of `sqlx` that measures the waits for its connections, their use, and every operation with its error.
///
/// A reference to it is an executor, as a reference to the pool itself is. Clones share the pool and the metrics, which leave the
/// page with the last of them.
///
/// ```no_run
/// use metrics_core::{MeasuredPool, Registry};
///
/// # use sqlx::{Database, Executor, IntoArguments, Pool};
/// # async fn example<DB: Database>(pool: Pool<DB>) -> Result<(), Box<dyn std::error::Error>>
/// # where
/// #     for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
/// #     for<'q> DB::Arguments<'q>: IntoArguments<'q, DB>,
/// # {
/// let pool = MeasuredPool::register_in(Registry::global(), "main", "postgresql", pool)?;
/// sqlx::query("DELETE FROM sessions").execute(&pool).await?;
/// let mut transaction = pool.begin().await?;
/// sqlx::query("DELETE FROM players").execute(transaction.executor()).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
///
/// * An operation counts once in `db_client_operation_duration_seconds`, without the wait for a connection. Its `error_type` is
///   `constraint`, `connection`, `cancelled` (the future or stream was dropped before its end) or `_OTHER`; a row that is missing
///   is no error of the database.
/// * A wait counts once: in `db_client_connection_wait_time_seconds`, or in `…_timeouts_total`, or in `…_acquire_errors_total`; one
///   that is dropped before its end does not count.
/// * A transaction that is dropped without [`commit`](MeasuredTransaction::commit) rolls back unseen.
pub struct MeasuredPool<DB: Database> {
    pool: Pool<DB>,
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Metrics {
    operations: OperationMetrics,
    times: PoolTimes,
    _connections: PoolMetrics,
}

impl<DB: Database> MeasuredPool<DB> {
    /// Registers the metrics of a pool. `name` is the value of the label `db_client_connection_pool_name`, and `system` that of
    /// `db_system_name`, such as `postgresql` or `sqlite`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name, as those of `SqlxQueries` have.
    pub fn register_in(
        registry: &Registry,
        name: &str,
        system: &str,
        pool: Pool<DB>,
    ) -> Result<Self, RegistrationError> {
        let shared = pool.clone();
        let status = move || PoolStatus {
            size: shared.size() as usize,
            idle: shared.num_idle(),
            max: shared.options().get_max_connections() as usize,
            ..PoolStatus::default()
        };
        let metrics = Metrics {
            times: PoolTimes::register_in(registry, name)?,
            _connections: PoolMetrics::register_in(registry, name, status)?,
            operations: OperationMetrics::register_in(registry.labelled(SYSTEM_NAME, system))?,
        };
        Ok(Self { pool, metrics: Arc::new(metrics) })
    }

    /// Returns the pool, whose operations are not measured.
    pub const fn inner(&self) -> &Pool<DB> {
        &self.pool
    }

    /// Obtains a connection, as [`Pool::acquire`] does.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Pool::acquire`].
    pub async fn acquire(&self) -> sqlx::Result<MeasuredConnection<DB>> {
        // Not `PoolTimes::wait`: a future that is passed on is in the outer one twice.
        let watch = Stopwatch::start();
        let result = self.pool.acquire().await;
        let (connection, use_time) = self.metrics.times.count(watch, result, is_timeout)?.into_parts();
        let metrics = Arc::clone(&self.metrics);
        Ok(MeasuredConnection { connection, metrics, _use_time: use_time, database: PhantomData })
    }

    /// Obtains a connection and begins a transaction, as [`Pool::begin`] does.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Pool::begin`].
    pub async fn begin(&self) -> sqlx::Result<MeasuredTransaction<DB>> {
        let MeasuredConnection { connection, metrics, _use_time: use_time, database } =
            self.acquire().await?;
        // The public ways to begin borrow the connection, or hide the wait for it.
        let measured = metrics.operations.start(SqlOperation::Begin);
        let connection = end(measured, Transaction::begin(connection, None).await)?;
        Ok(MeasuredConnection { connection, metrics, _use_time: use_time, database })
    }
}

const fn is_timeout(error: &Error) -> bool {
    matches!(error, Error::PoolTimedOut)
}

/// Counts the end of an operation and returns its result.
fn end<T>(operation: MeasuredOperation<'_>, result: sqlx::Result<T>) -> sqlx::Result<T> {
    operation.end(result.as_ref().err().map(error_type));
    result
}

fn error_type(error: &Error) -> ErrorType {
    match error {
        Error::Database(error) => match error.kind() {
            ErrorKind::UniqueViolation
            | ErrorKind::ForeignKeyViolation
            | ErrorKind::NotNullViolation
            | ErrorKind::CheckViolation => ErrorType::Constraint,
            _ => ErrorType::Other,
        },
        Error::Io(_) | Error::Tls(_) | Error::WorkerCrashed => ErrorType::Connection,
        _ => ErrorType::Other,
    }
}

impl<DB: Database> Clone for MeasuredPool<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), metrics: Arc::clone(&self.metrics) }
    }
}

impl<DB: Database> fmt::Debug for MeasuredPool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredPool").field("pool", &self.pool).finish_non_exhaustive()
    }
}

/// A connection of a [`MeasuredPool`], or a transaction on one.
pub struct MeasuredConnection<DB: Database, C = PoolConnection<DB>>
where
    C: DerefMut<Target = DB::Connection>,
{
    connection: C,
    metrics: Arc<Metrics>,
    _use_time: UseTime,
    database: PhantomData<fn() -> DB>,
}

/// A transaction of a [`MeasuredPool`].
pub type MeasuredTransaction<DB> = MeasuredConnection<DB, Transaction<'static, DB>>;

impl<DB: Database, C: DerefMut<Target = DB::Connection>> MeasuredConnection<DB, C> {
    /// Returns an executor on the connection.
    pub fn executor(&mut self) -> MeasuredExecutor<'_, DB> {
        MeasuredExecutor { connection: &mut self.connection, metrics: &self.metrics }
    }

    /// Returns the connection, whose operations are not measured.
    pub fn inner(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }
}

impl<DB: Database> MeasuredTransaction<DB> {
    /// Commits the transaction.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Transaction::commit`].
    pub async fn commit(self) -> sqlx::Result<()> {
        let measured = self.metrics.operations.start(SqlOperation::Commit);
        end(measured, self.connection.commit().await)
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Transaction::rollback`].
    pub async fn rollback(self) -> sqlx::Result<()> {
        let measured = self.metrics.operations.start(SqlOperation::Rollback);
        end(measured, self.connection.rollback().await)
    }
}

impl<DB: Database, C: DerefMut<Target = DB::Connection>> fmt::Debug for MeasuredConnection<DB, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredConnection").finish_non_exhaustive()
    }
}

/// Rows and results of a statement.
type Items<'e, DB> =
    BoxStream<'e, sqlx::Result<Either<<DB as Database>::QueryResult, <DB as Database>::Row>>>;

/// An executor on a connection or transaction of a [`MeasuredPool`].
///
/// A reference to the connection is none: with such an implementation, a generic function whose database is inferred would not
/// compile any more.
pub struct MeasuredExecutor<'c, DB: Database> {
    connection: &'c mut DB::Connection,
    metrics: &'c Metrics,
}

impl<DB: Database> fmt::Debug for MeasuredExecutor<'_, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredExecutor").finish_non_exhaustive()
    }
}

impl<'c, DB> Executor<'c> for MeasuredExecutor<'c, DB>
where
    DB: Database,
    for<'other> &'other mut DB::Connection: Executor<'other, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Items<'e, DB>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        Box::pin(try_stream! {
            let operation = self.metrics.operations.start(SqlOperation::of(query.sql()));
            let mut items = self.connection.fetch_many(query);
            let error = loop {
                match items.try_next().await {
                    Ok(Some(item)) => yield item,
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            };
            operation.end(error.as_ref().map(error_type));
            if let Some(error) = error {
                Err(error)?;
            }
        })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<DB::Row>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        Box::pin(async move {
            let measured = self.metrics.operations.start(SqlOperation::of(query.sql()));
            end(measured, self.connection.fetch_optional(query).await)
        })
    }

    fn prepare_with<'e, 'q: 'e>(
        self,
        sql: &'q str,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<DB::Statement<'q>>>
    where
        'c: 'e,
    {
        self.connection.prepare_with(sql, parameters)
    }

    fn describe<'e, 'q: 'e>(self, sql: &'q str) -> BoxFuture<'e, sqlx::Result<Describe<DB>>>
    where
        'c: 'e,
    {
        self.connection.describe(sql)
    }
}

impl<'c, DB> Executor<'c> for &MeasuredPool<DB>
where
    DB: Database,
    for<'other> &'other mut DB::Connection: Executor<'other, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Items<'e, DB>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let pool = self.clone();
        Box::pin(try_stream! {
            let mut connection = pool.acquire().await?;
            let mut items = connection.executor().fetch_many(query);
            while let Some(item) = items.try_next().await? {
                yield item;
            }
        })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<DB::Row>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let pool = self.clone();
        Box::pin(async move { pool.acquire().await?.executor().fetch_optional(query).await })
    }

    fn prepare_with<'e, 'q: 'e>(
        self,
        sql: &'q str,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<DB::Statement<'q>>>
    where
        'c: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e, 'q: 'e>(self, sql: &'q str) -> BoxFuture<'e, sqlx::Result<Describe<DB>>>
    where
        'c: 'e,
    {
        self.pool.describe(sql)
    }
}
