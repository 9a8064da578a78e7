//! The best players: `/api/leaderboard`.

use actix_web::{
    get,
    web::{Json, Query},
};
use serde::Deserialize;

use super::db::Db;
use crate::{
    database::LeaderboardEntry,
    error::{ApiError, Result},
};

#[derive(Deserialize)]
struct Size {
    #[serde(default = "Size::usual")]
    limit: i64,
}

impl Size {
    const fn usual() -> i64 {
        10
    }
}

/// Shows the best players.
#[get("/api/leaderboard")]
pub(super) async fn leaderboard(query: Query<Size>, database: Db) -> Result<Json<Vec<LeaderboardEntry>>> {
    if !(1..=100).contains(&query.limit) {
        return Err(ApiError::Invalid("`limit` is from 1 to 100".to_owned()));
    }
    Ok(Json(database.leaderboard(query.limit).await?))
}
