//! Statistics over all rows.

use metrics_core::{counted, observed, timed};
use serde::Serialize;

use super::{
    Database,
    measured::{DURATION, DURATION_BUCKETS, DURATION_HELP, QUERIES, QUERIES_HELP},
    now,
};
use crate::labels::QueryType;

/// A player is active for this many seconds after a login.
const ACTIVE: i64 = 300;

#[derive(Debug, Serialize)]
pub(crate) struct PlayerStats {
    pub(crate) registered: i64,
    pub(crate) active: i64,
}

#[derive(Debug, Serialize)]
pub(crate) struct MatchStats {
    pub(crate) in_progress: i64,
    pub(crate) completed: i64,
    pub(crate) crashed: i64,
}

#[derive(Debug, Serialize)]
pub(crate) struct RevenueStats {
    pub(crate) purchases: i64,
    pub(crate) purchases_cents: i64,
    pub(crate) refunds: i64,
    pub(crate) refunds_cents: i64,
    pub(crate) failed: i64,
}

#[observed]
impl Database {
    /// Returns the number of players.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn player_stats(&self) -> sqlx::Result<PlayerStats> {
        let select = "SELECT COUNT(*), COUNT(CASE WHEN last_login > $1 THEN 1 END) FROM players";
        let answer = sqlx::query_as(select).bind(now() - ACTIVE).fetch_one(&self.pool);
        let (registered, active) = self.ask(select, answer).await?;
        Ok(PlayerStats { registered, active })
    }

    /// Returns the number of matches in each state.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn match_stats(&self) -> sqlx::Result<MatchStats> {
        let select = "SELECT COUNT(CASE WHEN status = 'in_progress' THEN 1 END), \
                      COUNT(CASE WHEN status = 'completed' THEN 1 END), \
                      COUNT(CASE WHEN status = 'crashed' THEN 1 END) FROM matches";
        let answer = sqlx::query_as(select).fetch_one(&self.pool);
        let (in_progress, completed, crashed) = self.ask(select, answer).await?;
        Ok(MatchStats { in_progress, completed, crashed })
    }

    /// Returns the revenue.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn revenue_stats(&self) -> sqlx::Result<RevenueStats> {
        let select = "SELECT COUNT(CASE WHEN type = 'purchase' AND status = 'completed' THEN 1 END), \
             CAST(COALESCE(SUM(CASE WHEN type = 'purchase' AND status = 'completed' THEN amount_cents END), 0) AS BIGINT), \
             COUNT(CASE WHEN type = 'refund' AND status = 'completed' THEN 1 END), \
             CAST(COALESCE(SUM(CASE WHEN type = 'refund' AND status = 'completed' THEN amount_cents END), 0) AS BIGINT), \
             COUNT(CASE WHEN status = 'failed' THEN 1 END) FROM transactions";
        let answer = sqlx::query_as(select).fetch_one(&self.pool);
        let (purchases, purchases_cents, refunds, refunds_cents, failed) = self.ask(select, answer).await?;
        Ok(RevenueStats { purchases, purchases_cents, refunds, refunds_cents, failed })
    }
}
