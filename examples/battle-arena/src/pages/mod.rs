//! Pages of the service, a file for each subject.

mod db;
mod events;
mod generated;
mod index;
mod leaderboard;
mod matches;
mod players;
mod stats;
mod transactions;

use std::fmt::Display;

use actix_web::{
    HttpRequest,
    error::{JsonPayloadError, PathError, QueryPayloadError},
    web::{JsonConfig, PathConfig, QueryConfig, ServiceConfig, to},
};

use crate::error::{ApiError, Result};

/// Adds all routes but those of metrics and health.
pub(crate) fn configure(config: &mut ServiceConfig) {
    let invalid = |error: &dyn Display| ApiError::Invalid(error.to_string()).into();
    config
        .app_data(JsonConfig::default().error_handler(move |error: JsonPayloadError, _| invalid(&error)))
        .app_data(QueryConfig::default().error_handler(move |error: QueryPayloadError, _| invalid(&error)))
        .app_data(PathConfig::default().error_handler(move |error: PathError, _| invalid(&error)))
        .service(index::index)
        .service(generated::dashboard)
        .service(generated::objectives)
        .service(generated::catalogue)
        .service(players::register)
        .service(players::login)
        .service(players::show)
        .service(matches::start)
        .service(matches::complete)
        .service(matches::crash)
        .service(transactions::create)
        .service(events::report)
        .service(leaderboard::leaderboard)
        .service(stats::players)
        .service(stats::matches)
        .service(stats::revenue)
        .default_service(to(unmatched));
}

/// Answers requests that no handler takes.
async fn unmatched(request: HttpRequest) -> Result<String> {
    let path = request.path();
    Err(match request.resource_map().match_pattern(path) {
        Some(_) => ApiError::MethodNotAllowed,
        None => ApiError::NotFound(format!("there is nothing at {path}")),
    })
}
