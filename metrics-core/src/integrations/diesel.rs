//! Queries, transactions and connections of `diesel` and `diesel-async`.

use std::{
    fmt::{self, Write as _},
    mem,
    sync::{Arc, PoisonError, RwLock},
};

use diesel::{
    connection::{DebugQuery, Instrumentation, InstrumentationEvent, set_default_instrumentation},
    result::{DatabaseErrorKind, Error, QueryResult},
};
use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use super::{
    measured_operation::{ErrorType, OperationMetrics},
    operations::{DURATION_BUCKETS, SYSTEM_NAME},
    sql_operation::SqlOperation,
};
use crate::{
    clock::Stopwatch,
    metric::{Counter, Family, Histogram},
    model::RegistrationError,
    registry::Registry,
};

/// Metrics of the connections that are established from now on; see [`DieselMetrics::install`].
static DEFAULT: RwLock<Option<DieselMetrics>> = RwLock::new(None);

/// Queries of one connection that can run at once. Only those of a pipeline are more than one.
const MAX_RUNNING: usize = 64;

/// Bytes of a statement that are looked at for its first word.
const MAX_PREFIX: usize = 64;

/// Queries, transactions and connections of `diesel` and `diesel-async`, by its interface for instrumentation.
///
/// ```
/// use metrics_core::{DieselMetrics, Registry};
///
/// # let registry = Registry::new();
/// let metrics = DieselMetrics::register_in(&registry, "postgresql")?;
/// metrics.install()?; // for all connections from now on
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("db_client_transactions_total{db_system_name=\"postgresql\",outcome=\"committed\"} 0\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// * A query counts once in `db_client_operation_duration_seconds`, with the statements of transactions. Its `error_type` is
///   `constraint`, `connection`, `cancelled` or `_OTHER`. A query of `diesel-async` that is dropped before its end is `cancelled`,
///   which is known when its connection ends.
/// * A transaction counts once in `db_client_transactions_total`, with the outcome `committed`, `rolled_back`, or `failed` where
///   neither was possible. Savepoints are no transactions.
/// * A connection counts in `db_client_connection_create_time_seconds` with the time to establish it, also one that fails.
///
/// Clones share the metrics, which leave the page with the last of them and the last connection.
#[derive(Clone, Debug)]
pub struct DieselMetrics {
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Metrics {
    operations: OperationMetrics,
    connections: ConnectionMetrics,
}

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
enum TransactionOutcome {
    Committed,
    RolledBack,
    Failed,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct OutcomeLabel {
    outcome: TransactionOutcome,
}

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
enum ConnectError {
    Connection,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct ConnectErrorLabel {
    error_type: Option<ConnectError>,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "db_client", global = false, crate = "crate")]
struct ConnectionMetrics {
    /// Time it took to create a new connection in seconds.
    #[metric(buckets = DURATION_BUCKETS)]
    connection_create_time_seconds: Family<ConnectErrorLabel, Histogram>,
    /// Number of transactions by outcome.
    transactions_total: Family<OutcomeLabel, Counter>,
}

impl DieselMetrics {
    /// Registers the metrics; `system` is the value of the label `db_system_name`, such as `postgresql` or `sqlite`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry, system: &str) -> Result<Self, RegistrationError> {
        let metrics = Metrics {
            operations: OperationMetrics::register_in(registry.labelled(SYSTEM_NAME, system))?,
            connections: ConnectionMetrics::register_in(registry.labelled(SYSTEM_NAME, system))?,
        };
        Ok(Self { metrics: Arc::new(metrics) })
    }

    /// Makes this the default instrumentation of all connections that the process establishes from now on, instead of another one.
    ///
    /// # Errors
    ///
    /// Returns diesel's error, which it has if a thread has panicked in the same place.
    pub fn install(&self) -> QueryResult<()> {
        *DEFAULT.write().unwrap_or_else(PoisonError::into_inner) = Some(self.clone());
        set_default_instrumentation(|| {
            let metrics = DEFAULT.read().unwrap_or_else(PoisonError::into_inner).clone()?;
            Some(Box::new(metrics.instrumentation()))
        })
    }

    /// Returns the instrumentation of one connection, for its `set_instrumentation`.
    pub fn instrumentation(&self) -> DieselInstrumentation {
        DieselInstrumentation {
            metrics: Arc::clone(&self.metrics),
            connecting: None,
            running: Vec::new(),
            transaction: Transaction::None,
            statement: None,
        }
    }
}

/// Instrumentation of one connection, of [`DieselMetrics::instrumentation`].
#[derive(Debug)]
pub struct DieselInstrumentation {
    metrics: Arc<Metrics>,
    connecting: Option<Stopwatch>,
    running: Vec<RunningQuery>,
    transaction: Transaction,
    /// Statement of the transaction that is executed next.
    statement: Option<TransactionStatement>,
}

#[derive(Debug)]
struct RunningQuery {
    operation: SqlOperation,
    watch: Stopwatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transaction {
    None,
    Open,
}

#[derive(Clone, Copy, Debug)]
enum TransactionStatement {
    Begin,
    Commit,
    Rollback,
}

impl Instrumentation for DieselInstrumentation {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { .. } => {
                self.connecting = Some(Stopwatch::start());
            }
            InstrumentationEvent::FinishEstablishConnection { error, .. } => {
                self.finish_connection(error.is_some());
            }
            InstrumentationEvent::StartQuery { query, .. } => self.start_query(operation(query)),
            InstrumentationEvent::FinishQuery { query, error, .. } => self.finish_query(query, error),
            InstrumentationEvent::BeginTransaction { depth, .. } if depth.get() == 1 => {
                self.end_transaction(TransactionOutcome::Failed);
                self.statement = Some(TransactionStatement::Begin);
            }
            InstrumentationEvent::CommitTransaction { depth, .. } if depth.get() == 1 => {
                self.statement = Some(TransactionStatement::Commit);
            }
            InstrumentationEvent::RollbackTransaction { depth, .. } if depth.get() == 1 => {
                self.statement = Some(TransactionStatement::Rollback);
            }
            _ => {}
        }
    }
}

impl DieselInstrumentation {
    fn finish_connection(&mut self, is_error: bool) {
        if let Some(watch) = self.connecting.take() {
            let label = ConnectErrorLabel { error_type: is_error.then_some(ConnectError::Connection) };
            let time = &self.metrics.connections.connection_create_time_seconds;
            time.with(label).observe_duration(watch.elapsed());
        }
    }

    fn start_query(&mut self, operation: SqlOperation) {
        if self.running.len() == MAX_RUNNING {
            let oldest = self.running.remove(0);
            self.record(&oldest, Some(ErrorType::Cancelled));
        }
        self.running.push(RunningQuery { operation, watch: Stopwatch::start() });
    }

    /// Counts the latest query of the same operation: an older one may have been dropped, and those of a pipeline start together.
    fn finish_query(&mut self, query: &dyn DebugQuery, error: Option<&Error>) {
        let last = self.running.len().checked_sub(1);
        let found = match last {
            Some(1..) => {
                let operation = operation(query);
                self.running.iter().rposition(|running| running.operation == operation).or(last)
            }
            _ => last,
        };
        if let Some(found) = found {
            let finished = self.running.remove(found);
            self.record(&finished, error.map(error_type));
        }
        self.finish_statement(error.is_some());
    }

    fn record(&self, query: &RunningQuery, error: Option<ErrorType>) {
        self.metrics.operations.record(query.operation, error, query.watch.elapsed());
    }

    fn finish_statement(&mut self, is_error: bool) {
        match (self.statement.take(), is_error) {
            (Some(TransactionStatement::Begin), false) => self.transaction = Transaction::Open,
            (Some(TransactionStatement::Commit), false) => {
                self.end_transaction(TransactionOutcome::Committed);
            }
            (Some(TransactionStatement::Rollback), false) => {
                self.end_transaction(TransactionOutcome::RolledBack);
            }
            (Some(TransactionStatement::Rollback), true) => self.end_transaction(TransactionOutcome::Failed),
            // After a failed commit diesel rolls back.
            (Some(TransactionStatement::Begin | TransactionStatement::Commit), true) | (None, _) => {}
        }
    }

    /// Counts the transaction, if one is open.
    fn end_transaction(&mut self, outcome: TransactionOutcome) {
        if mem::replace(&mut self.transaction, Transaction::None) == Transaction::Open {
            self.metrics.connections.transactions_total.with(OutcomeLabel { outcome }).inc();
        }
    }
}

impl Drop for DieselInstrumentation {
    fn drop(&mut self) {
        self.end_transaction(TransactionOutcome::Failed);
        for query in mem::take(&mut self.running) {
            self.record(&query, Some(ErrorType::Cancelled));
        }
    }
}

fn error_type(error: &Error) -> ErrorType {
    match error {
        Error::DatabaseError(kind, _) => match kind {
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation => ErrorType::Constraint,
            DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection => {
                ErrorType::Connection
            }
            _ => ErrorType::Other,
        },
        Error::BrokenTransactionManager => ErrorType::Connection,
        _ => ErrorType::Other,
    }
}

/// Returns the operation of a query, of which only the first bytes are written.
fn operation(query: &dyn DebugQuery) -> SqlOperation {
    let mut prefix = Prefix { text: [0; MAX_PREFIX], length: 0 };
    // Its error is that there is no more room.
    let _full = write!(prefix, "{query}");
    let text = prefix.text.get(..prefix.length).unwrap_or_default();
    let valid = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    SqlOperation::of(valid)
}

/// First bytes of a text, on the stack.
struct Prefix {
    text: [u8; MAX_PREFIX],
    length: usize,
}

impl fmt::Write for Prefix {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.text.get_mut(self.length..).unwrap_or_default();
        let taken = room.len().min(text.len());
        for (byte, new) in room.iter_mut().zip(text.as_bytes()) {
            *byte = *new;
        }
        self.length += taken;
        if taken == text.len() { Ok(()) } else { Err(fmt::Error) }
    }
}
