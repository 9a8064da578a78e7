//! The one way to the database, so that every query is measured.

use std::io;

use actix_web::rt::time::sleep;
use metrics_core::{LabelValue as _, counted, timed};
use tracing::instrument;

use crate::{
    faults::{Faults, SLOW_QUERY},
    labels::{Fault, QueryType},
};

/// Waits for a query.
#[counted(
    name = "database_queries_total",
    help = "Queries of the database that ended, by what they do and how they ended.",
    labels(query_type: QueryType = query_type, result)
)]
#[timed(
    name = "database_query_duration_seconds",
    help = "Time of a query of the database, with the wait for a connection.",
    labels(query_type: QueryType = query_type),
    buckets(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
)]
#[instrument(
    skip_all,
    err,
    fields(otel.name = query_type.as_str(), otel.kind = "client", db.operation.name = query_type.as_str())
)]
pub(crate) async fn query<T>(
    faults: &Faults,
    query_type: QueryType,
    answer: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    if faults.active(Fault::DatabaseSlow) {
        sleep(SLOW_QUERY).await;
    }
    if faults.active(Fault::DiskFull) && query_type != QueryType::Select {
        return Err(sqlx::Error::Io(io::ErrorKind::StorageFull.into()));
    }
    answer.await
}
