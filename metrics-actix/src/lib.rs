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
//! No client can make series, as no label holds anything that a client chose:
//!
//! * `endpoint` is the pattern of the route that took the request, with the scopes around it: `/api/users/{id}`. It is
//!   [`HttpRequest::match_pattern`](actix_web::HttpRequest::match_pattern) after routing, so a 404 or 405 from inside a matched
//!   resource keeps its pattern. If no route took the request, it is the first pattern that fits the path; for a default
//!   service inside a scope the pattern of the scope; or else `unmatched`, as is actix's own 404. A resource with several patterns counts under the first of them. A service behind a prefix, such as `actix_files::Files`,
//!   counts under the prefix.
//! * A request that ends without a response, as by a panic or a disconnected client, counts under the first pattern that fits its
//!   path: actix tells its route with the response alone.
//! * `http_requests_in_progress` needs its `endpoint` before routing, so that is predicted, see [below](#requests-in-progress).
//! * `method` is one of `CONNECT`, `DELETE`, `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`, `PUT`, `QUERY`, `TRACE`, or `_OTHER`.
//! * `status` is the code that the request ended with, see below.
//!
//! As a safety net, the first 1000 patterns and the first 100 unregistered codes have series of their own; later ones count as `_OTHER`, and in
//! `metrics_overflow_total`. A series appears with its first request. `http_panics_total` appears at zero with the first request to
//! its endpoint, so that `rate()` sees the first panic. The metrics themselves are registered when the first worker starts, or by
//! [`register`](HttpMetrics::register).
//!
//! # Requests in progress
//!
//! The endpoint of the gauge is predicted from the path, by the patterns of routes that have taken requests before. If exactly one
//! of them fits, or several of which one is literal, that is the endpoint. Otherwise actix is asked for the first of its patterns
//! that fits the path. The gauge returns to zero under the endpoint it went up with, however the request ends. No counter and no
//! histogram depends on the prediction. It is wrong in three cases:
//!
//! * The first request to a route may be in progress under another pattern, if a learned one fits its path as well.
//! * If guards choose among patterns that fit one path, requests are in progress under the first of them.
//! * Requests that the default service of a scope takes are in progress as `unmatched`.
//!
//! # Options
//!
//! | of [`HttpMetrics`] | effect |
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
//! | [`endpoint`](HttpMetrics::endpoint), [`name_endpoints`](HttpMetrics::name_endpoints) | endpoints with other names than their patterns |
//! | [`exclude`](HttpMetrics::exclude), [`exclude_regex`](HttpMetrics::exclude_regex) | excluded requests, by path, pattern or expression |
//! | [`include_scrapes`](HttpMetrics::include_scrapes) | requests to the metrics and health routes, which are excluded otherwise |
//! | [`exclude_status`](HttpMetrics::exclude_status) | excluded requests, by status |
//! | [`unmatched_endpoint`](HttpMetrics::unmatched_endpoint) | another endpoint than `unmatched` |
//! | [`registry`](HttpMetrics::registry) | a registry other than the global one |
//! | [`register`](HttpMetrics::register) | the metrics are known before the first worker starts |
//!
//! # Endings
//!
//! The clock starts before the inner service is called and runs to the last byte of the response's body. A request ends
//! exactly once:
//!
//! | event | `status` | end of the duration |
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
//! The middleware does not see the changes of an outer one: put it outermost, which is the last `wrap`. An outer one that takes the
//! body as a whole (`try_into_bytes`: `Compress` does, and `map_into_boxed_body`) ends the request there.
//!
//! # Exemplars
//!
//! With a [source of exemplars](metrics_core::install_exemplar_source), a request's exemplar is that of the span in which its
//! response's head was made. The middleware that opens the span has to be outside of this one: a later `wrap`.
//!
//! # Cost
//!
//! A request takes no lock once its worker has seen the route, the method and the status. It takes one allocation: actix returns
//! the pattern of the route as a new string, which it grows once past 24 bytes. A streamed body takes another one, and so does
//! measuring sizes or the first byte. In the middleware of a resource the route is known, so there is no allocation.
//!
//! Predictions walk the path once. The patterns are compiled at most once a second; while a new one is not yet compiled, and for
//! paths that several patterns fit, actix is asked, which takes as long as routing does. Its answers about the latest paths are
//! kept.
//!
//! [`InProgress::ByMethod`] makes fewer series, and needs no prediction. `benches/http` in the repository has figures.
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

mod asked_paths;
#[cfg(any(feature = "awc", feature = "reqwest"))]
mod client;
mod completion;
mod config;
mod extra_labels;
mod families;
mod health;
mod in_flight;
mod label_values;
mod labels;
mod matched_route;
mod metric_specs;
mod middleware;
mod nesting;
mod options;
mod outcome_series;
mod request_body;
mod response_body;
mod response_future;
mod route_matcher;
mod route_prediction;
mod routes;
mod scrape;
mod series_cache;
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
