//! Players.

use metrics_core::{counted, observed, timed};
use serde::Serialize;

use super::{
    Database,
    measured::{DURATION, DURATION_BUCKETS, DURATION_HELP, QUERIES, QUERIES_HELP},
    now,
};
use crate::labels::QueryType;

/// Player.
#[derive(Debug, Serialize)]
pub(crate) struct Player {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) rating: i64,
    pub(crate) wins: i64,
    pub(crate) last_login: Option<i64>,
}

/// Row of the leaderboard.
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
    /// Adds a player and returns the key; `None` if the name is taken.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Insert, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Insert),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn register(&self, username: &str) -> sqlx::Result<Option<i64>> {
        let insert = "INSERT INTO players (username, created_at) VALUES ($1, $2) \
                      ON CONFLICT (username) DO NOTHING RETURNING id";
        let answer = sqlx::query_scalar(insert).bind(username).bind(now()).fetch_optional(&self.pool);
        self.ask(insert, answer).await
    }

    /// Records a login; `None` if the player does not exist.
    #[observed(objective(name = "login", success = 99.9, latency = "250ms"))]
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Update, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Update),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn log_in(&self, username: &str) -> sqlx::Result<Option<Player>> {
        let update = "UPDATE players SET last_login = $1 WHERE username = $2 \
                      RETURNING id, username, rating, wins, last_login";
        let answer = sqlx::query_as(update).bind(now()).bind(username).fetch_optional(&self.pool);
        let row: Option<PlayerRow> = self.ask(update, answer).await?;
        Ok(row.map(Player::from))
    }

    /// Finds a player.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn player(&self, id: i64) -> sqlx::Result<Option<Player>> {
        let select = "SELECT id, username, rating, wins, last_login FROM players WHERE id = $1";
        let answer = sqlx::query_as(select).bind(id).fetch_optional(&self.pool);
        let row: Option<PlayerRow> = self.ask(select, answer).await?;
        Ok(row.map(Player::from))
    }

    /// Returns the best players.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn leaderboard(&self, limit: i64) -> sqlx::Result<Vec<LeaderboardEntry>> {
        let select = "SELECT username, rating, wins FROM players ORDER BY rating DESC, username LIMIT $1";
        let answer = sqlx::query_as(select).bind(limit).fetch_all(&self.pool);
        let rows: Vec<(String, i64, i64)> = self.ask(select, answer).await?;
        let entry = |(username, rating, wins)| LeaderboardEntry { username, rating, wins };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Returns `Ok` if the database answers a query of one of its tables: a plain `SELECT 1` would not leave the connection.
    #[counted(name = QUERIES, help = QUERIES_HELP, labels(query_type = QueryType::Select, result))]
    #[timed(
        name = DURATION,
        help = DURATION_HELP,
        labels(query_type = QueryType::Select),
        buckets = DURATION_BUCKETS
    )]
    pub(crate) async fn ping(&self) -> sqlx::Result<()> {
        let select = "SELECT id FROM players LIMIT 1";
        self.ask(select, sqlx::query(select).fetch_optional(&self.pool)).await.map(drop)
    }
}
