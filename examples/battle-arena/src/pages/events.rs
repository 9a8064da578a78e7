//! Events of the system: `/api/system/event`.

use std::time::Duration;

use actix_web::{
    HttpResponse, post,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};

use super::db::Db;
use crate::{
    error::{ApiError, Result},
    faults::Faults,
    labels::{EventLabels, Fault},
    metrics::ArenaMetrics,
};

/// Maximum duration of a fault in seconds.
const LONGEST: u64 = 60;

#[derive(Deserialize)]
struct Event {
    kind: Fault,
    message: String,
    /// Duration of the fault, for a service that was started with faults allowed.
    #[serde(default)]
    seconds: u64,
}

#[derive(Serialize)]
struct Reported {
    id: i64,
}

/// Stores an event, and injects the fault that it reports.
#[post("/api/system/event")]
pub(super) async fn report(form: Json<Event>, database: Db, faults: Data<Faults>) -> Result<HttpResponse> {
    let Event { kind, message, seconds } = form.into_inner();
    if message.len() > 200 || seconds > LONGEST {
        return Err(ApiError::Invalid(format!(
            "a message has up to 200 bytes, and `seconds` is up to {LONGEST}"
        )));
    }
    let id = database.add_event(kind, &message).await?;
    ArenaMetrics::global().system_events_total.with(EventLabels { kind }).inc();
    if seconds > 0 {
        faults.begin(kind, Duration::from_secs(seconds));
    }
    Ok(HttpResponse::Created().json(Reported { id }))
}
