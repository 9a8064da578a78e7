//! Players: `/api/players/…`.

use actix_web::{
    HttpResponse, get, post,
    web::{Json, Path},
};
use metrics_core::counted;
use serde::{Deserialize, Serialize};
use tracing::{Span, field::Empty, instrument};

use super::db::Db;
use crate::{
    database::Player,
    error::{ApiError, Result},
};

#[derive(Deserialize)]
struct Credentials {
    username: String,
}

#[derive(Serialize)]
struct Registered {
    id: i64,
}

/// Players who registered.
#[post("/api/players/register")]
#[counted(name = "arena_player_registrations_total", only = ok)]
pub(super) async fn register(form: Json<Credentials>, database: Db) -> Result<HttpResponse> {
    let username = checked(&form.username)?;
    match database.register(username).await? {
        Some(id) => Ok(HttpResponse::Created().json(Registered { id })),
        None => Err(ApiError::Conflict(format!("the name {username} is taken"))),
    }
}

/// Players who logged in.
#[post("/api/players/login")]
#[counted(name = "arena_player_logins_total", only = ok)]
#[instrument(
    name = "player_login",
    skip_all,
    fields(player.username = form.username, player.id = Empty, login.timestamp = Empty)
)]
pub(super) async fn login(form: Json<Credentials>, database: Db) -> Result<Json<Player>> {
    let username = checked(&form.username)?;
    match database.log_in(username).await? {
        Some(player) => {
            let span = Span::current();
            span.record("player.id", player.id);
            span.record("login.timestamp", player.last_login);
            Ok(Json(player))
        }
        None => Err(ApiError::NotFound(format!("there is no player {username}"))),
    }
}

/// Shows a player.
#[get("/api/players/{id}")]
pub(super) async fn show(id: Path<i64>, database: Db) -> Result<Json<Player>> {
    let player = database.player(*id).await?;
    player.map(Json).ok_or_else(|| ApiError::NotFound(format!("there is no player {id}")))
}

/// Returns the name if it is valid.
fn checked(username: &str) -> Result<&str> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (3..=32).contains(&username.len()) && username.bytes().all(legal) {
        Ok(username)
    } else {
        Err(ApiError::Invalid("a username is 3 to 32 letters, digits, `_` and `-`".to_owned()))
    }
}
