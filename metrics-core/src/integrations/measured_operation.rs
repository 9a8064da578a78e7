//! Operations that are measured where they run, with their errors.

use std::time::Duration;

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use super::{
    database_use::record_database_operation, operations::DURATION_BUCKETS, sql_operation::SqlOperation,
};
#[cfg(feature = "sqlx")]
use crate::clock::Stopwatch;
use crate::metric::{Family, Histogram};

/// Type of an operation's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub(super) enum ErrorType {
    /// A constraint of the database was violated.
    Constraint,
    /// The connection failed.
    Connection,
    /// The operation was dropped before it ended.
    Cancelled,
    #[label(rename = "_OTHER")]
    Other,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct OperationLabels {
    db_operation_name: SqlOperation,
    error_type: Option<ErrorType>,
}

/// Duration of operations, with their errors.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "db_client", global = false, crate = "crate")]
pub(super) struct OperationMetrics {
    /// Duration of database client operations in seconds.
    #[metric(buckets = DURATION_BUCKETS)]
    operation_duration_seconds: Family<OperationLabels, Histogram>,
}

impl OperationMetrics {
    /// Counts an operation that has ended.
    pub(super) fn record(&self, operation: SqlOperation, error: Option<ErrorType>, duration: Duration) {
        let labels = OperationLabels { db_operation_name: operation, error_type: error };
        self.operation_duration_seconds.with(labels).observe_duration(duration);
        record_database_operation(duration);
    }

    /// Starts to measure an operation.
    #[cfg(feature = "sqlx")]
    pub(super) fn start(&self, operation: SqlOperation) -> MeasuredOperation<'_> {
        MeasuredOperation {
            metrics: self,
            operation,
            error: Some(ErrorType::Cancelled),
            watch: Stopwatch::start(),
        }
    }
}

/// An operation that is running. It counts once, when it is dropped.
#[cfg(feature = "sqlx")]
#[derive(Debug)]
pub(super) struct MeasuredOperation<'a> {
    metrics: &'a OperationMetrics,
    operation: SqlOperation,
    error: Option<ErrorType>,
    watch: Stopwatch,
}

#[cfg(feature = "sqlx")]
impl MeasuredOperation<'_> {
    /// Counts the end of the operation.
    pub(super) fn end(mut self, error: Option<ErrorType>) {
        self.error = error;
    }
}

#[cfg(feature = "sqlx")]
impl Drop for MeasuredOperation<'_> {
    fn drop(&mut self) {
        self.metrics.record(self.operation, self.error, self.watch.elapsed());
    }
}
