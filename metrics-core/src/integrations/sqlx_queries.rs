//! Queries of `sqlx`, from the events that it gives `tracing`.

use std::{fmt, time::Duration};

use metrics_macros::{LabelSet, MetricGroup};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    Layer,
    filter::{Filtered, Targets},
    layer::Context,
    registry::LookupSpan,
};

use super::{
    database_use::record_database_operation,
    operations::{DURATION_BUCKETS, SYSTEM_NAME},
    sql_operation::SqlOperation,
};
use crate::{
    metric::{Counter, Family, Histogram},
    model::RegistrationError,
    registry::Registry,
};

/// Target of the events.
const TARGET: &str = "sqlx::query";

/// Bounds for numbers of rows, those of the conventions.
const ROW_BUCKETS: &[f64] =
    &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0];

/// Duration and rows of the queries of `sqlx`, from the events that it gives `tracing`: a layer for a subscriber.
///
/// It depends on no version of `sqlx`: those with the target `sqlx::query` and the fields `summary`, `elapsed_secs`,
/// `rows_returned` and `rows_affected` are read, as 0.7 and 0.8 have them. No query is changed.
///
/// A query counts when it ends, also where it failed or was dropped. The events tell neither, and there is none for `BEGIN`,
/// `COMMIT` and `ROLLBACK` of a transaction, or for the wait for a connection.
///
/// ```
/// use metrics_core::{Registry, SqlxQueries};
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// # let registry = Registry::new();
/// let queries = SqlxQueries::register_in(&registry, "sqlite")?;
/// let subscriber = tracing_subscriber::registry().with(queries.layer()); // and the layers of the log
/// tracing::subscriber::set_global_default(subscriber)?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("db_client_slow_queries_total{db_system_name=\"sqlite\",db_operation_name=\"SELECT\"} 0\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `sqlx` gives the events on threads of its own too, so the subscriber must be the global one. Its level is `DEBUG` unless
/// `ConnectOptions::log_statements` says otherwise; an `EnvFilter` around the whole subscriber that hides them hides them here too,
/// so put it around the log's layer. The level of a query that `sqlx` calls slow, after one second unless
/// `log_slow_statements` says otherwise, is `WARN`.
#[derive(Debug)]
pub struct SqlxQueries {
    metrics: QueryMetrics,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct OperationLabel {
    db_operation_name: SqlOperation,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "db_client", global = false, crate = "crate")]
struct QueryMetrics {
    /// Duration of database client operations in seconds.
    #[metric(buckets = DURATION_BUCKETS)]
    operation_duration_seconds: Family<OperationLabel, Histogram>,
    /// Number of rows returned by an operation.
    #[metric(buckets = ROW_BUCKETS)]
    response_returned_rows: Histogram,
    /// Number of rows affected by operations.
    affected_rows_total: Counter,
    /// Number of queries that took longer than the threshold of sqlx.
    slow_queries_total: Family<OperationLabel, Counter>,
}

impl SqlxQueries {
    /// Registers the metrics. `system` is the value of the label `db_system_name`, such as `postgresql` or `sqlite`: the events do
    /// not tell it.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name, as those of a measured pool have.
    pub fn register_in(registry: &Registry, system: &str) -> Result<Self, RegistrationError> {
        let metrics = QueryMetrics::register_in(registry.labelled(SYSTEM_NAME, system))?;
        Ok(Self { metrics })
    }

    /// Returns the layer, which sees the events of `sqlx` alone.
    pub fn layer<S>(self) -> Filtered<Self, Targets, S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        self.with_filter(Targets::new().with_target(TARGET, LevelFilter::TRACE))
    }
}

impl<S: Subscriber> Layer<S> for SqlxQueries {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut query = QueryEvent::default();
        event.record(&mut query);
        // Other events of the target have no duration.
        let (Some(seconds), Some(db_operation_name)) = (query.seconds, query.operation) else { return };
        let operation = OperationLabel { db_operation_name };
        self.metrics.operation_duration_seconds.with(operation).observe(seconds);
        self.metrics.response_returned_rows.observe(query.rows_returned as f64);
        self.metrics.affected_rows_total.inc_by(query.rows_affected);
        record_database_operation(Duration::try_from_secs_f64(seconds).unwrap_or_default());
        if query.is_slow {
            self.metrics.slow_queries_total.with(operation).inc();
        }
    }
}

/// Fields of an event.
#[derive(Debug, Default)]
struct QueryEvent {
    operation: Option<SqlOperation>,
    seconds: Option<f64>,
    rows_returned: u64,
    rows_affected: u64,
    is_slow: bool,
}

impl Visit for QueryEvent {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = Some(value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "rows_returned" => self.rows_returned = value,
            "rows_affected" => self.rows_affected = value,
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.operation = Some(SqlOperation::of(value));
        }
    }

    fn record_debug(&mut self, field: &Field, _: &dyn fmt::Debug) {
        if field.name() == "slow_threshold" {
            self.is_slow = true;
        }
    }
}
