//! Matches.

use metrics_core::{LabelValue as _, observed};

use super::{Database, now, query};
use crate::labels::{MatchType, QueryType};

/// What the winner of a match gains.
const PRIZE: i64 = 25;

#[observed]
impl Database {
    /// Begins a match and gives its key; none where a player does not exist.
    pub(crate) async fn start_match(
        &self,
        match_type: MatchType,
        players: &[i64],
    ) -> sqlx::Result<Option<i64>> {
        let work = async {
            let mut transaction = self.pool.begin().await?;
            let insert = "INSERT INTO matches (match_type, status, started_at) VALUES ($1, 'in_progress', $2) \
                          RETURNING id";
            let insert = sqlx::query_scalar(insert).bind(match_type.as_str()).bind(now());
            let id: i64 = insert.fetch_one(&mut *transaction).await?;
            for player in players {
                let insert = "INSERT INTO match_players (match_id, player_id) SELECT $1, id FROM players WHERE id = $2";
                let done = sqlx::query(insert).bind(id).bind(*player).execute(&mut *transaction).await?;
                if done.rows_affected() == 0 {
                    transaction.rollback().await?;
                    return Ok(None);
                }
            }
            transaction.commit().await?;
            Ok(Some(id))
        };
        query(&self.faults, QueryType::Insert, work).await
    }

    /// Ends a match with a winner and gives its type; none where it is not being played by this winner.
    pub(crate) async fn complete_match(&self, id: i64, winner: i64) -> sqlx::Result<Option<MatchType>> {
        let work = async {
            let mut transaction = self.pool.begin().await?;
            let update = "UPDATE matches SET status = 'completed', ended_at = $1, winner_id = $2 \
                          WHERE id = $3 AND status = 'in_progress' AND EXISTS \
                          (SELECT 1 FROM match_players WHERE match_id = $4 AND player_id = $5) RETURNING match_type";
            let update = sqlx::query_scalar(update).bind(now()).bind(winner).bind(id).bind(id).bind(winner);
            let match_type: Option<String> = update.fetch_optional(&mut *transaction).await?;
            let reward = "UPDATE players SET rating = rating + $1, wins = wins + 1 WHERE id = $2";
            if match_type.is_some() {
                sqlx::query(reward).bind(PRIZE).bind(winner).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(match_type)
        };
        let match_type = query(&self.faults, QueryType::Update, work).await?;
        Ok(match_type.as_deref().and_then(MatchType::from_label))
    }

    /// Ends a match that has crashed and gives its type; none where it is not being played.
    pub(crate) async fn crash_match(&self, id: i64) -> sqlx::Result<Option<MatchType>> {
        let update = "UPDATE matches SET status = 'crashed', ended_at = $1 \
                      WHERE id = $2 AND status = 'in_progress' RETURNING match_type";
        let update = sqlx::query_scalar(update).bind(now()).bind(id);
        let match_type: Option<String> =
            query(&self.faults, QueryType::Update, update.fetch_optional(&self.pool)).await?;
        Ok(match_type.as_deref().and_then(MatchType::from_label))
    }
}
