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
//! | name | type | labels | registered |
//! |---|---|---|---|
//! | `http_requests_total` | counter | `method`, `endpoint`, `status` | always |
//! | `http_request_duration_seconds` | histogram | `method`, `endpoint` | always |
//! | `http_requests_in_progress` | gauge | `method`, `endpoint` | unless [`InProgress::Off`] |
//! | `http_panics_total` | counter | `endpoint` | always |
//! | `http_request_size_bytes` | histogram | `method`, `endpoint` | by [`request_size`](HttpMetrics::request_size) |
//! | `http_response_size_bytes` | histogram | `method`, `endpoint` | by [`response_size`](HttpMetrics::response_size) |
//! | `http_response_first_byte_seconds` | histogram | `method`, `endpoint` | by [`first_byte`](HttpMetrics::first_byte) |
//! | `http_request_db_queries` | histogram | `endpoint` | by [`database_use`](HttpMetrics::database_use) |
//! | `http_request_db_duration_seconds` | histogram | `endpoint` | by [`database_use`](HttpMetrics::database_use) |
//!
//! Requests to `/metrics` and to this crate's own routes, [`MetricsRoute`] and [`HealthRoute`], are not measured.
//!
//! No client can create series, as no label holds text that a client chose:
//!
//! * `endpoint` is the pattern of the route that took the request, with the scopes around it: `/api/users/{id}`. After routing it
//!   is [`HttpRequest::match_pattern`](actix_web::HttpRequest::match_pattern), so a 404 or 405 from inside a matched resource keeps
//!   the pattern.
//! * If no route took the request, `endpoint` is the first pattern that fits the path. A default service inside a scope counts
//!   under the pattern of the scope. All other requests, and actix's own 404, count as `unmatched`.
//! * A resource with several patterns counts under the first of them. A service behind a prefix, such as `actix_files::Files`,
//!   counts under the prefix.
//! * A request that ends without a response, by a panic or because its client disconnects, counts under the first pattern that
//!   fits its path: only a response names the route.
//! * `method` is one of `CONNECT`, `DELETE`, `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`, `PUT`, `QUERY`, `TRACE`, or `_OTHER`.
//! * `status` is the code that the request ended with: see [Endings](#endings).
//!
//! As a safety net, only the first 1000 patterns and the first 100 unregistered status codes have series of their own. Later ones
//! count as `_OTHER`, and in `metrics_overflow_total`.
//!
//! A series appears with its first request. `http_panics_total` appears at zero with the first request to its endpoint, so that
//! `rate()` sees the first panic. The metrics are registered when the first worker starts, or by
//! [`register`](HttpMetrics::register).
//!
//! # Requests in progress
//!
//! The gauge needs its `endpoint` before routing, so the endpoint is predicted from the path. The prediction compares the path with
//! the patterns of routes that have taken requests before. If exactly one fits, or several of which one is literal, that is the
//! endpoint. Otherwise actix is asked for the first of its patterns that fits the path. The gauge returns to zero under the
//! endpoint it went up with, however the request ends. No counter and no histogram depends on the prediction. It is wrong in three
//! cases:
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
//! | [`database_use`](HttpMetrics::database_use) | database operations of a request, and their time |
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
//! The clock starts before the inner service is called and stops with the last byte of the response's body. A request ends
//! exactly once:
//!
//! | event | `status` | end of the duration |
//! |---|---|---|
//! | a response with a body in memory | its own | the response's head: the server takes such a body in one piece |
//! | a response with a streamed body, sent in full | its own | the last byte is handed to the server |
//! | a response without a body | its own | the response's head |
//! | a response to `HEAD`, a 204 or a 304 with a streamed body, which is never sent | its own | the body is dropped |
//! | an upgrade, as to a websocket: 101 | `101` | the connection is closed by either side |
//! | the handler or an inner middleware times out and answers with 408 or 504 | its own | as above |
//! | an outer middleware times out and drops the request | `499`, as for a disconnected client | the drop |
//! | the server's `client_request_timeout` ends a request whose head is incomplete | not counted: no service is called | |
//! | the inner service returns `Err`: a handler's error is a response by then, a middleware's may not be | that of the error's response | the error |
//! | the client disconnects before the head, or in the middle of a streamed body | `499` | actix drops the request |
//! | the client disconnects while the handler reads the request's body | the handler's response: an extractor answers `400` | the response's head |
//! | a panic in the handler or in the body, which unwinds on | `500`, and `http_panics_total` | the panic |
//! | the body fails in the middle, after a head with another status | `500` | the failure |
//!
//! In the preset [`OpenTelemetry`](Preset::OpenTelemetry) the status is the same. The label `error_type` adds the reason: `panic`,
//! `client_gone`, `body`, or the status of a response with 500 or above.
//!
//! `http_requests_in_progress` is back at zero after each of them. A disconnected client is noticed when actix drops the request.
//! By default actix goes on with a request whose client has closed the connection, as the client may have closed its half alone;
//! actix finds out when it writes. With `HttpServer::h1_allow_half_closed(false)` it drops the request at once.
//!
//! Over HTTP/2 requests end in the same ways. A panic or a failed body resets only its own stream. If a client resets a stream or
//! closes the connection, actix goes on with the request and finds out when it writes a streamed body.
//!
//! The middleware does not see the changes of an outer one: put it outermost, which is the last `wrap`. An outer middleware that
//! takes the body as a whole (`try_into_bytes`), such as `Compress`, or calls `map_into_boxed_body` ends the request there.
//!
//! # Exemplars
//!
//! With a [source of exemplars](metrics_core::install_exemplar_source), a request's exemplar is that of the span in which its
//! response's head was made. The middleware that opens the span must be outside of this one: a later `wrap`.
//!
//! # Cost
//!
//! A request takes no lock once its worker has seen the route, the method and the status. It takes one allocation: actix returns
//! the pattern of the route as a new string, with room for 24 bytes. A longer pattern takes a second allocation. There is no way
//! around the string: `match_name`, which returns none, may name another resource if the one that took the request has no name.
//! A streamed body takes one more allocation, and so does measuring sizes or the first byte. In the middleware of a resource the
//! route is known, so there is no allocation.
//!
//! A prediction walks the path once. The patterns are compiled at most once a second. While a new pattern is not yet compiled, and
//! for paths that several patterns fit, actix is asked, which takes as long as routing does. Its answers about the latest paths
//! are kept. [`InProgress::ByMethod`] makes fewer series and needs no prediction. `benches/http` in the repository has figures.
//!
//! # Several instances
//!
//! Instances with the same options share one set of series, also if one is made in each worker, inside the closure of
//! `HttpServer::new`; a debug build warns about that once. If a scope or a resource inside a measured `App` is measured in the same
//! metrics, its requests count once, by the outer middleware; a debug build warns about that too.
//!
//! # Advice
//!
//! A debug build logs one line, by `log`, for each of these mistakes: an instance in each worker, a measured service inside another
//! one, a [`MetricsRoute`] behind a service that takes its requests, and a thousand measured requests of a registry that no route
//! shows and nobody has read.
//!
//! # Features
//!
//! * `enabled`, on by default: that of metrics-core. Without it nothing is counted and pages are empty.
//! * `process`, on by default: that of metrics-core. Metrics of the process, on Linux.
//! * `gzip`, on by default, and `zstd`: pages of 1024 bytes and more are compressed where a scraper accepts it. `zstd` builds C code.
//! * `rustls`: TLS for [`MetricsServer`], and HTTP/2 where the client prefers it. It builds C and assembler code. It turns on
//!   rustls' provider `ring`; a program that has another one as well installs one by `CryptoProvider::install_default`, as
//!   `ClientConfig::builder` panics without a choice.
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
mod mounted_routes;
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
