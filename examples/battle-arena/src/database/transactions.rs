//! Transactions.

use metrics_core::{LabelValue as _, counted, observed, timed};

use super::{
    Database,
    measured::{DURATION, DURATION_BUCKETS, DURATION_HELP, QUERIES, QUERIES_HELP},
    now,
};
use crate::labels::{ItemType, QueryType, TransactionStatus, TransactionType};

/// Transaction to store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewTransaction {
    pub(crate) player: i64,
    pub(crate) r#type: TransactionType,
    pub(crate) item_type: ItemType,
    pub(crate) amount_cents: i64,
    pub(crate) status: TransactionStatus,
}

#[observed]
impl Database {
    /// Stores a transaction and returns its key; `None` if the player does not exist.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Insert, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Insert),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn add_transaction(&self, new: NewTransaction) -> sqlx::Result<Option<i64>> {
        let insert = "INSERT INTO transactions (player_id, type, item_type, amount_cents, status, created_at) \
                      SELECT id, $1, $2, $3, $4, $5 FROM players WHERE id = $6 RETURNING id";
        let answer = sqlx::query_scalar(insert)
            .bind(new.r#type.as_str())
            .bind(new.item_type.as_str())
            .bind(new.amount_cents)
            .bind(new.status.as_str())
            .bind(now())
            .bind(new.player);
        self.ask(insert, answer.fetch_optional(&self.pool)).await
    }
}
