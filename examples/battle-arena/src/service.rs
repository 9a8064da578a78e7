//! HTTP server of the arena, with its middleware and routes.

use std::{io, time::Duration};

use actix_web::{
    App, Error, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    rt::time::sleep,
    web::Data,
};
use metrics_actix::{HealthRoute, HttpMetrics, MetricsRoute};

use crate::{
    database::Database,
    faults::{Faults, SLOW_ANSWER},
    labels::Fault,
    metrics::ArenaMetrics,
    pages, spans,
};

/// Bounds of the duration buckets in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Interval at which gauges are refreshed from the database.
const SAMPLING: Duration = Duration::from_secs(2);

/// Returns the middleware's metrics of requests, which leave the registry with the last clone of this.
pub(crate) fn http_metrics() -> HttpMetrics {
    HttpMetrics::new().buckets(&BUCKETS).database_use()
}

/// Opens the port; returns the server and its addresses.
pub(crate) fn start(
    host: &str,
    port: u16,
    database: &Database,
    faults: &Faults,
    http: &HttpMetrics,
) -> io::Result<(Server, Vec<String>)> {
    let http = http.clone();
    let health = health(database.clone());
    let (database, faults) = (Data::new(database.clone()), Data::new(faults.clone()));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(database.clone())
            .app_data(faults.clone())
            .configure(pages::configure)
            .service(MetricsRoute::new("/metrics").live("/metrics/live"))
            .service(health.clone())
            .wrap(from_fn(delay))
            .wrap(http.clone())
            .wrap(from_fn(spans::request))
    })
    // A request ends with status 499 when its client closes the connection.
    .h1_allow_half_closed(false)
    // The program handles signals itself. The limit is longer than any request takes: an aborted request would leave its
    // connection to the database behind.
    .disable_signals()
    .shutdown_timeout(15)
    .bind((host, port))?;
    let addresses = server.addrs().iter().map(|address| format!("http://{address}")).collect();
    Ok((server.run(), addresses))
}

/// Health of the service: asks the database, and answers 503 if there is no reply.
fn health(database: Database) -> HealthRoute {
    HealthRoute::new("/health").check("database", move || {
        let database = database.clone();
        async move { database.ping().await }
    })
}

/// Delays requests while the fault `api_timeout` is active.
async fn delay(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let faults = request.app_data::<Data<Faults>>();
    if request.path().starts_with("/api/") && faults.is_some_and(|faults| faults.active(Fault::ApiTimeout)) {
        sleep(SLOW_ANSWER).await;
    }
    next.call(request).await
}

/// Updates the gauges whose values are in the database, so that they are right after a restart and with several instances. Never
/// returns.
pub(crate) async fn sample(database: Database) {
    let metrics = ArenaMetrics::global();
    loop {
        if let Ok(players) = database.player_stats().await {
            metrics.active_players.set(players.active);
        }
        if let Ok(matches) = database.match_stats().await {
            metrics.matches_in_progress.set(matches.in_progress);
        }
        sleep(SAMPLING).await;
    }
}
