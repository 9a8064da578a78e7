//! Whether the service can do its work.

use actix_web::{HttpResponse, get};
use serde::Serialize;

use super::Db;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    database: &'static str,
}

/// Asks the database: 200 where it answers, 503 where it does not.
#[get("/health")]
pub(super) async fn health(database: Db) -> HttpResponse {
    match database.ping().await {
        Ok(()) => HttpResponse::Ok().json(Health { status: "ok", database: "ok" }),
        Err(_) => {
            HttpResponse::ServiceUnavailable().json(Health { status: "failing", database: "does not answer" })
        }
    }
}
