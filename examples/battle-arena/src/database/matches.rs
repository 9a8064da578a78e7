//! Matches.

use metrics_core::{LabelValue as _, counted, observed, timed};

use super::{
    Database,
    measured::{DURATION, DURATION_BUCKETS, DURATION_HELP, QUERIES, QUERIES_HELP},
    now,
};
use crate::labels::{MatchType, QueryType};

/// Points that the winner of a match gains.
const PRIZE: i64 = 25;

#[observed]
impl Database {
    /// Starts a match and returns its key; `None` if a player does not exist.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Insert, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Insert),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn start_match(
        &self,
        match_type: MatchType,
        players: &[i64],
    ) -> sqlx::Result<Option<i64>> {
        let mut transaction = self.begin().await?;
        let insert = "INSERT INTO matches (match_type, status, started_at) VALUES ($1, 'in_progress', $2) RETURNING id";
        let answer = sqlx::query_scalar(insert).bind(match_type.as_str()).bind(now());
        let id: i64 = self.system.traced(insert, answer.fetch_one(transaction.executor())).await?;
        let keys: Vec<_> = (2..players.len() + 2).map(|number| format!("${number}")).collect();
        let insert = format!(
            "INSERT INTO match_players (match_id, player_id) SELECT $1, id FROM players WHERE id IN ({})",
            keys.join(", ")
        );
        let query = players.iter().fold(sqlx::query(&insert).bind(id), |query, player| query.bind(*player));
        let done = self.system.traced(&insert, query.execute(transaction.executor())).await?;
        if done.rows_affected() < players.len() as u64 {
            transaction.rollback().await?;
            return Ok(None);
        }
        self.commit(transaction).await?;
        Ok(Some(id))
    }

    /// Ends a match with a winner and returns its type; `None` if this player is in no such match in progress.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Update, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Update),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn complete_match(&self, id: i64, winner: i64) -> sqlx::Result<Option<MatchType>> {
        let mut transaction = self.begin().await?;
        let update = "UPDATE matches SET status = 'completed', ended_at = $1, winner_id = $2 \
                      WHERE id = $3 AND status = 'in_progress' AND EXISTS \
                      (SELECT 1 FROM match_players WHERE match_id = $4 AND player_id = $5) RETURNING match_type";
        let answer = sqlx::query_scalar(update).bind(now()).bind(winner).bind(id).bind(id).bind(winner);
        let answer = answer.fetch_optional(transaction.executor());
        let match_type: Option<String> = self.system.traced(update, answer).await?;
        if match_type.is_some() {
            let reward = "UPDATE players SET rating = rating + $1, wins = wins + 1 WHERE id = $2";
            let answer = sqlx::query(reward).bind(PRIZE).bind(winner).execute(transaction.executor());
            self.system.traced(reward, answer).await?;
        }
        self.commit(transaction).await?;
        Ok(match_type.as_deref().and_then(MatchType::from_label))
    }

    /// Ends a match that has crashed and returns its type; `None` if it is not in progress.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Update, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Update),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn crash_match(&self, id: i64) -> sqlx::Result<Option<MatchType>> {
        let update = "UPDATE matches SET status = 'crashed', ended_at = $1 \
                      WHERE id = $2 AND status = 'in_progress' RETURNING match_type";
        let answer = sqlx::query_scalar(update).bind(now()).bind(id).fetch_optional(&self.pool);
        let match_type: Option<String> = self.ask(update, answer).await?;
        Ok(match_type.as_deref().and_then(MatchType::from_label))
    }
}
