//! HTTP metrics for actix-web: a middleware that measures the requests, and a route that shows the metrics.
//!
//! ```no_run
//! use actix_web::{App, HttpResponse, HttpServer, web};
//! use metrics_actix::{HttpMetrics, MetricsRoute};
//!
//! #[actix_web::main]
//! async fn main() -> std::io::Result<()> {
//!     let http = HttpMetrics::new(); // clone it into every worker: one set of series
//!     HttpServer::new(move || {
//!         App::new()
//!             .wrap(http.clone())
//!             .service(MetricsRoute::new("/metrics"))
//!             .route("/users/{id}", web::get().to(HttpResponse::NoContent))
//!     })
//!     .bind(("127.0.0.1", 8080))?
//!     .run()
//!     .await
//! }
//! ```
//!
//! # Metrics
//!
//! | name | type | labels |
//! |---|---|---|
//! | `http_requests_total` | counter | `method`, `endpoint`, `status` |
//! | `http_request_duration_seconds` | histogram | `method`, `endpoint` |
//! | `http_requests_in_progress` | gauge | `method`, `endpoint` |
//! | `http_panics_total` | counter | `endpoint` |
//!
//! No label holds anything that a client chose, so no client can make series:
//!
//! * `endpoint` is the pattern of the route that took the request, with the scopes around it: `/api/users/{id}`. It is read
//!   after the inner service has answered, and stays for a 404 or 405 from inside a matched resource. Where no route took the
//!   request it is the first whose pattern fits the path, and `unmatched` where none does.
//! * `http_requests_in_progress` needs its `endpoint` before routing, so it is always the first whose pattern fits the path:
//!   where several routes have patterns for one path and guards choose among them, it can be another than in the other
//!   metrics. It is the same when the request begins and when it ends.
//! * `method` is one of `CONNECT`, `DELETE`, `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`, `PUT`, `QUERY`, `TRACE`, or `_OTHER`.
//! * `status` is the code that the request ended with, see below.
//!
//! As a safety net the first 1000 patterns and the first 100 codes are told apart; what comes after counts as `_OTHER`, and in
//! `metrics_overflow_total`. A series appears with its first request.
//!
//! # Endings
//!
//! The clock starts before the inner service is called and runs to the last byte of the response's body. A request ends
//! exactly once:
//!
//! | what happens | `status` | the duration runs to |
//! |---|---|---|
//! | a response with a body, given in full | its own | the last byte is handed to the server |
//! | a response without a body | its own | the response's head |
//! | a response to `HEAD`, 1xx, 204 or 304 that has a body all the same | its own | the body is dropped |
//! | the inner service returns `Err` (a handler's error is a response by then, a middleware's may not be) | that of the error's response | the error |
//! | the client goes away before the head, or in the middle of the body | `499` | actix drops the request |
//! | a panic in the handler or in the body; it goes on as it would have | `500`, and `http_panics_total` | the panic |
//! | the body fails in the middle | `500` | the failure |
//!
//! `http_requests_in_progress` is back at zero after each of them. A client that goes away is noticed when actix
//! drops the request. By default actix goes on with a request whose client has closed the connection, as it may have closed its
//! half alone, and finds out when it writes; with `HttpServer::h1_allow_half_closed(false)` it drops the request at once.
//!
//! What an outer middleware makes of a response is not seen: put the middleware outermost, which is where the last `wrap` is.
//! An outer one that takes the body as a whole (`try_into_bytes`: `Compress` does, and `map_into_boxed_body`) ends the request
//! there.
//!
//! # Cost
//!
//! A request takes no lock and, where its route has a name, allocates nothing; `#[get("…")]` and the like give the handler's
//! name. Where a route has no name it allocates the pattern twice, as actix builds it anew each time it is asked: before routing
//! for the gauge, and after it. The first of the two is a walk through the patterns up to the one that fits the path.
//!
//! An `App` whose scopes are measured as well counts their requests twice.
//!
//! # Features
//!
//! * `enabled`, on by default: metrics-core's; without it nothing is counted and pages are empty.
//! * `gzip`, `zstd`: pages are compressed where a scraper accepts it. `zstd` builds C code.
//! * `rustls`: TLS for [`MetricsServer`]. It builds C and assembler code.
//! * `awc`, `reqwest`: metrics of outgoing requests, by `HttpClientMetrics`.

mod body;
mod builder;
#[cfg(any(feature = "awc", feature = "reqwest"))]
mod client;
mod exchange;
mod families;
mod future;
mod health;
mod labels;
mod middleware;
mod nested;
mod notice;
mod options;
mod paths;
mod payload;
mod preset;
mod route;
mod routes;
mod series;
mod server;
mod shapes;
mod shared;
mod values;
mod worker;

pub use body::MeasuredBody;
#[cfg(any(feature = "awc", feature = "reqwest"))]
pub use client::HttpClientMetrics;
pub use future::MeasuredFuture;
pub use health::HealthRoute;
pub use middleware::{HttpMetrics, HttpMetricsMiddleware};
pub use preset::{HttpLabel, HttpMetric, InProgress, Preset, StatusLabel};
pub use route::{ForwardedHeader, MetricsRoute};
pub use server::{MetricsServer, RunningServer};
