//! Events of the system.

use metrics_core::{LabelValue as _, observed};

use super::{Database, now, query};
use crate::labels::{Fault, QueryType};

#[observed]
impl Database {
    /// Keeps an event and gives its key.
    pub(crate) async fn add_event(&self, kind: Fault, message: &str) -> sqlx::Result<i64> {
        let insert = sqlx::query_scalar(
            "INSERT INTO system_events (kind, message, created_at) VALUES ($1, $2, $3) RETURNING id",
        );
        let insert = insert.bind(kind.as_str()).bind(message).bind(now());
        query(&self.faults, QueryType::Insert, insert.fetch_one(&self.pool)).await
    }
}
