//! Statistics: `/api/stats/…`.

use actix_web::{get, web::Json};

use super::db::Db;
use crate::{
    database::{MatchStats, PlayerStats, RevenueStats},
    error::Result,
};

/// Shows statistics of the players.
#[get("/api/stats/players")]
pub(super) async fn players(database: Db) -> Result<Json<PlayerStats>> {
    Ok(Json(database.player_stats().await?))
}

/// Shows statistics of the matches.
#[get("/api/stats/matches")]
pub(super) async fn matches(database: Db) -> Result<Json<MatchStats>> {
    Ok(Json(database.match_stats().await?))
}

/// Shows the revenue.
#[get("/api/stats/revenue")]
pub(super) async fn revenue(database: Db) -> Result<Json<RevenueStats>> {
    Ok(Json(database.revenue_stats().await?))
}
