//! Players.

use metrics_core::observed;
use serde::Serialize;

use super::{Database, now, query};
use crate::labels::QueryType;

/// A player.
#[derive(Debug, Serialize)]
pub(crate) struct Player {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) rating: i64,
    pub(crate) wins: i64,
    pub(crate) last_login: Option<i64>,
}

/// A line of the leaderboard.
#[derive(Debug, Serialize)]
pub(crate) struct LeaderboardEntry {
    pub(crate) username: String,
    pub(crate) rating: i64,
    pub(crate) wins: i64,
}

type PlayerRow = (i64, String, i64, i64, Option<i64>);

impl From<PlayerRow> for Player {
    fn from((id, username, rating, wins, last_login): PlayerRow) -> Self {
        Self { id, username, rating, wins, last_login }
    }
}

#[observed]
impl Database {
    /// Adds a player and gives the key; none where the name is taken.
    pub(crate) async fn register(&self, username: &str) -> sqlx::Result<Option<i64>> {
        let insert = sqlx::query_scalar(
            "INSERT INTO players (username, created_at) VALUES ($1, $2) ON CONFLICT (username) DO NOTHING \
             RETURNING id",
        );
        let insert = insert.bind(username).bind(now());
        query(&self.faults, QueryType::Insert, insert.fetch_optional(&self.pool)).await
    }

    /// Takes note of a login; none where there is no such player.
    #[observed(objective(name = "login", success = 99.9, latency = "250ms"))]
    pub(crate) async fn log_in(&self, username: &str) -> sqlx::Result<Option<Player>> {
        let update = sqlx::query_as(
            "UPDATE players SET last_login = $1 WHERE username = $2 \
             RETURNING id, username, rating, wins, last_login",
        );
        let update = update.bind(now()).bind(username);
        let row: Option<PlayerRow> =
            query(&self.faults, QueryType::Update, update.fetch_optional(&self.pool)).await?;
        Ok(row.map(Player::from))
    }

    /// Looks a player up.
    pub(crate) async fn player(&self, id: i64) -> sqlx::Result<Option<Player>> {
        let select =
            sqlx::query_as("SELECT id, username, rating, wins, last_login FROM players WHERE id = $1")
                .bind(id);
        let row: Option<PlayerRow> =
            query(&self.faults, QueryType::Select, select.fetch_optional(&self.pool)).await?;
        Ok(row.map(Player::from))
    }

    /// The best players.
    pub(crate) async fn leaderboard(&self, limit: i64) -> sqlx::Result<Vec<LeaderboardEntry>> {
        let select = sqlx::query_as(
            "SELECT username, rating, wins FROM players ORDER BY rating DESC, username LIMIT $1",
        );
        let rows: Vec<(String, i64, i64)> =
            query(&self.faults, QueryType::Select, select.bind(limit).fetch_all(&self.pool)).await?;
        let entry = |(username, rating, wins)| LeaderboardEntry { username, rating, wins };
        Ok(rows.into_iter().map(entry).collect())
    }
}
