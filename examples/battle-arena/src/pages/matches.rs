//! Matches: `/api/matches/…`.

use actix_web::{HttpResponse, post, web::Json};
use metrics_core::{LabelValue as _, counted};
use serde::{Deserialize, Serialize};
use tracing::{Span, field::Empty, instrument};

use super::db::Db;
use crate::{
    error::{ApiError, Result},
    labels::{MatchLabels, MatchStatus, MatchType},
    metrics::ArenaMetrics,
};

/// Maximum number of players in a match.
const MOST_PLAYERS: usize = 16;

#[derive(Deserialize)]
struct Start {
    match_type: MatchType,
    players: Vec<i64>,
}

#[derive(Deserialize)]
struct Complete {
    match_id: i64,
    winner_id: i64,
}

#[derive(Deserialize)]
struct Crash {
    match_id: i64,
}

#[derive(Serialize)]
struct Match {
    id: i64,
    status: &'static str,
}

/// Starts a match.
#[post("/api/matches/start")]
#[instrument(name = "match_start", skip_all, fields(match.type = form.match_type.as_str()))]
pub(super) async fn start(form: Json<Start>, database: Db) -> Result<HttpResponse> {
    let Start { match_type, players } = form.into_inner();
    check(&players)?;
    let Some(id) = database.start_match(match_type, &players).await? else {
        return Err(ApiError::NotFound("one of the players does not exist".to_owned()));
    };
    count(match_type, MatchStatus::Started);
    Ok(HttpResponse::Created().json(Match { id, status: "in_progress" }))
}

/// Ends a match with a winner.
#[post("/api/matches/complete")]
#[instrument(name = "match_complete", skip_all, fields(match.type = Empty))]
pub(super) async fn complete(form: Json<Complete>, database: Db) -> Result<Json<Match>> {
    let match_type = database.complete_match(form.match_id, form.winner_id).await?;
    count(known(match_type, form.match_id)?, MatchStatus::Completed);
    Ok(Json(Match { id: form.match_id, status: "completed" }))
}

/// Matches that crashed.
#[post("/api/matches/crash")]
#[counted(name = "arena_matches_crashed_total", only = ok)]
#[instrument(name = "match_crash", skip_all, fields(match.type = Empty))]
pub(super) async fn crash(form: Json<Crash>, database: Db) -> Result<Json<Match>> {
    let match_type = database.crash_match(form.match_id).await?;
    count(known(match_type, form.match_id)?, MatchStatus::Crashed);
    Ok(Json(Match { id: form.match_id, status: "crashed" }))
}

fn count(match_type: MatchType, status: MatchStatus) {
    ArenaMetrics::global().matches_total.with(MatchLabels { match_type, status }).inc();
}

/// Returns the type of a match that has ended.
fn known(match_type: Option<MatchType>, id: i64) -> Result<MatchType> {
    let not_played = || ApiError::Conflict(format!("match {id} is not being played, or not by this winner"));
    let match_type = match_type.ok_or_else(not_played)?;
    Span::current().record("match.type", match_type.as_str());
    Ok(match_type)
}

fn check(players: &[i64]) -> Result<()> {
    let mut distinct = players.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if (2..=MOST_PLAYERS).contains(&players.len()) && distinct.len() == players.len() {
        Ok(())
    } else {
        Err(ApiError::Invalid(format!("a match has 2 to {MOST_PLAYERS} different players")))
    }
}
