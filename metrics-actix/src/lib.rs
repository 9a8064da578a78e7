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
//!   request it is the first whose pattern fits the path, and `unmatched` where none does: the path that middleware inside, as
//!   `NormalizePath`, has made of it, or the one that came in where the inner service returns `Err`, which tells of none.
//!   A resource with several patterns counts under the first of them, as actix has it.
//! * `http_requests_in_progress` needs its `endpoint` before routing, so it is always the first whose pattern fits the path:
//!   where several routes have patterns for one path and guards choose among them, it can be another than in the other
//!   metrics. It is the same when the request begins and when it ends.
//! * `method` is one of `CONNECT`, `DELETE`, `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`, `PUT`, `QUERY`, `TRACE`, or `_OTHER`.
//! * `status` is the code that the request ended with, see below.
//!
//! As a safety net the first 1000 patterns and the first 100 codes are told apart; what comes after counts as `_OTHER`, and in
//! `metrics_overflow_total`. A series appears with its first request; that of `http_panics_total` does so at zero with the first
//! request to its endpoint, and so the first panic shows in `rate()`. The metrics themselves are registered when the first worker
//! starts, or by [`register`](HttpMetrics::register).
//!
//! # Options
//!
//! | of [`HttpMetrics`] | what it does |
//! |---|---|
//! | [`preset`](HttpMetrics::preset) | the names above, those of the OpenTelemetry conventions, or both |
//! | [`name`](HttpMetrics::name), [`label_name`](HttpMetrics::label_name), [`namespace`](HttpMetrics::namespace) | other names |
//! | [`label`](HttpMetrics::label) | a constant label |
//! | [`request_label`](HttpMetrics::request_label), [`response_label`](HttpMetrics::response_label) | a label with finitely many values |
//! | [`capped_request_label`](HttpMetrics::capped_request_label), [`capped_response_label`](HttpMetrics::capped_response_label) | a string as a label, up to a limit |
//! | [`status`](HttpMetrics::status) | the status' class instead of its code |
//! | [`buckets`](HttpMetrics::buckets), [`route_buckets`](HttpMetrics::route_buckets), [`size_buckets`](HttpMetrics::size_buckets) | buckets, also of one route |
//! | [`request_size`](HttpMetrics::request_size), [`response_size`](HttpMetrics::response_size) | bytes of bodies: what really went through |
//! | [`first_byte`](HttpMetrics::first_byte) | the time to the response's head |
//! | [`in_progress`](HttpMetrics::in_progress) | requests in progress by method alone, or not at all |
//! | [`endpoint`](HttpMetrics::endpoint), [`name_endpoints`](HttpMetrics::name_endpoints) | endpoints by other names than their patterns |
//! | [`exclude`](HttpMetrics::exclude), [`exclude_regex`](HttpMetrics::exclude_regex) | requests that are left out, by path, pattern or expression |
//! | [`include_scrapes`](HttpMetrics::include_scrapes) | requests to the metrics route, which are left out otherwise |
//! | [`registry`](HttpMetrics::registry) | a registry other than the global one |
//! | [`register`](HttpMetrics::register) | the metrics are known before the first worker starts |
//!
//! # Endings
//!
//! The clock starts before the inner service is called and runs to the last byte of the response's body. A request ends
//! exactly once:
//!
//! | what happens | `status` | the duration runs to |
//! |---|---|---|
//! | a response with a body in memory | its own | the response's head: the server takes such a body in one piece |
//! | a response with a body that comes piece by piece, given in full | its own | the last byte is handed to the server |
//! | a response without a body | its own | the response's head |
//! | a response to `HEAD`, 204 or 304 that has such a body all the same | its own | the body is dropped |
//! | an upgrade, as to a websocket: 101 | `101` | the connection's end, whoever ends it |
//! | the handler, or a middleware inside, has a time-out and answers with 408 or 504 | its own | as above |
//! | a middleware outside has a time-out and drops the request | `499`, as nothing tells it from a client that goes away | the drop |
//! | the server's `client_request_timeout` ends a request whose head does not come | none: no service is called | |
//! | the inner service returns `Err` (a handler's error is a response by then, a middleware's may not be) | that of the error's response | the error |
//! | the client goes away before the head, or in the middle of a body that comes piece by piece | `499` | actix drops the request |
//! | the client goes away in the middle of the request's body, which the handler reads | what the handler answers, whom actix tells of it: `400` from an extractor | the response's head |
//! | a panic in the handler or in the body; it goes on as it would have | `500`, and `http_panics_total` | the panic |
//! | the body fails in the middle, its head sent with another status | `500` | the failure |
//!
//! In the preset [`OpenTelemetry`](Preset::OpenTelemetry) the status is the same, and `error_type` says what went wrong: `panic`, `client_gone`, `body`, or
//! the status where the server has answered with 500 or above.
//!
//! `http_requests_in_progress` is back at zero after each of them. A client that goes away is noticed when actix
//! drops the request. By default actix goes on with a request whose client has closed the connection, as it may have closed its
//! half alone, and finds out when it writes; with `HttpServer::h1_allow_half_closed(false)` it drops the request at once.
//!
//! Over HTTP/2 requests end in the same ways, and a panic or a body that fails resets its own stream alone. Where a client resets a
//! stream or closes the connection, actix goes on with the request and finds out when it writes a body that comes piece by piece.
//!
//! What an outer middleware makes of a response is not seen: put the middleware outermost, which is where the last `wrap` is.
//! An outer one that takes the body as a whole (`try_into_bytes`: `Compress` does, and `map_into_boxed_body`) ends the request
//! there.
//!
//! # Exemplars
//!
//! Where a [source of exemplars](metrics_core::install_exemplar_source) is installed, a request's exemplar is that of the span in
//! which its response's head was made. So the middleware that opens the span has to be outside of this one: a later `wrap`.
//!
//! # Cost
//!
//! A request takes no lock, and allocates nothing once a worker has seen its route, its method and its ending; a body that comes
//! piece by piece takes one allocation, and so does measuring sizes or the first byte.
//!
//! What a request is in progress under has to be known before routing. actix answers that by trying all patterns, as routing
//! does; so a worker reads the patterns once, with its first request, and finds that of a path in one walk along the path. After
//! routing it is mostly known that no other pattern fits the path; then this is the route that took the request. actix is asked,
//! which allocates, where guards choose among patterns that fit one path and have as many variables, for patterns with an
//! expression that may match a `/`, such as `{path:.+}` before the end, and where patterns overlap too much: with more than five
//! different expressions at one place, or with hundreds of texts at a place where hundreds of patterns go on behind a variable.
//! (The patterns are read from what actix's resource map prints for debugging. A version of actix-web that prints them otherwise
//! is asked each time, and a debug build says so.) In the middleware of a resource all of this falls away, as its route is known.
//!
//! [`InProgress::ByMethod`] makes fewer series. It costs about the same, as the other metrics have the endpoint anyway.
//! `benches/http` in the repository has figures.
//!
//! # Several instances
//!
//! Instances with the same options share one set of series, also where one is made in each worker, inside the closure of
//! `HttpServer::new`; a debug build says so once. Where a scope or a resource inside a measured `App` is measured in the same
//! metrics, its requests count once, by the outer one; a debug build says that too.
//!
//! # Features
//!
//! * `enabled`, on by default: metrics-core's; without it nothing is counted and pages are empty.
//! * `gzip`, `zstd`: pages are compressed where a scraper accepts it. `zstd` builds C code.
//! * `rustls`: TLS for [`MetricsServer`], and HTTP/2 where the client prefers it. It builds C and assembler code.
//! * `awc`, `reqwest`: metrics of outgoing requests, by `HttpClientMetrics`.

#[cfg(any(feature = "awc", feature = "reqwest"))]
mod client;
mod config;
mod families;
mod health;
mod in_flight;
mod label_values;
mod labels;
mod metric_specs;
mod middleware;
mod nesting;
mod options;
mod request_body;
mod response_body;
mod response_future;

mod route_matcher;
mod routes;
mod scrape;
mod series;
mod server;
mod warnings;

#[cfg(any(feature = "awc", feature = "reqwest"))]
pub use client::HttpClientMetrics;
pub use health::HealthRoute;
pub use metrics_core::ForwardedHeader;
pub use middleware::{HttpMetrics, HttpMetricsMiddleware};
pub use options::{HttpLabel, HttpMetric, InProgress, Preset, StatusLabel};
pub use response_future::MeasuredFuture;
pub use scrape::MetricsRoute;
pub use server::{MetricsServer, RunningServer};
