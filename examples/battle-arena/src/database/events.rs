//! Events of the system.

use metrics_core::{LabelValue as _, counted, observed, timed};

use super::{
    Database,
    measured::{DURATION, DURATION_BUCKETS, DURATION_HELP, QUERIES, QUERIES_HELP},
    now,
};
use crate::labels::{Fault, QueryType};

#[observed]
impl Database {
    /// Stores an event and returns its key.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Insert, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Insert),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn add_event(&self, kind: Fault, message: &str) -> sqlx::Result<i64> {
        let insert = "INSERT INTO system_events (kind, message, created_at) VALUES ($1, $2, $3) RETURNING id";
        let answer = sqlx::query_scalar(insert).bind(kind.as_str()).bind(message).bind(now());
        self.ask(insert, answer.fetch_one(&self.pool)).await
    }
}
