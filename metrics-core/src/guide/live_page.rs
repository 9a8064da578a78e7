//! The live page: the metrics of one process, drawn in a browser while they change.
//!
//! It is for a look at a running service without Prometheus. A second path of the endpoint serves it, and it is one file that loads
//! nothing else:
//!
//! ```
//! use http::Request;
//! use metrics_core::{EndpointRequest, MetricsEndpoint};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), http::Error> {
//! let endpoint = MetricsEndpoint::new("/metrics").live("/metrics/live");
//! let request = Request::get("/metrics/live").body(())?;
//! let response = endpoint.respond(EndpointRequest::new(&request)).await;
//! assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
//! # Ok(())
//! # }
//! ```
//!
//! `MetricsRoute` of metrics-actix has the same method. The browser scrapes the metrics as JSON every two seconds, keeps the last 120
//! scrapes, and computes rates and percentiles itself. It adds no work to the service but these scrapes, which
//! `metrics_scrapes_total{format="json"}` counts.
//!
//! # Groups
//!
//! Groups fold, and the browser remembers which ones are folded. The search box, which `/` reaches, finds metrics by words of their
//! names and help texts.
//!
//! | group | metrics | shown above the list |
//! |---|---|---|
//! | Own metrics | all that are in no other group | |
//! | HTTP | `http_…`, also with a namespace or with the OpenTelemetry names | rates, shares of 4xx and 5xx, latency; a table of endpoints |
//! | Functions | `function_calls_…` | rates, failures, durations; a table of functions |
//! | Databases and caches | `db_client_…`, `cache_…` | |
//! | Process and runtime | `process_…`, `container_…`, `jemalloc_…`, `tokio_…`, `build_info`, `rust_info` | CPU, memory, file descriptors, threads, Tokio's workers and tasks |
//! | Metrics library | `metrics_…` | |
//!
//! The title is the name and version of [`build_info!`](crate::build_info), or of another info metric such as `shop_build_info` or
//! `target_info`, and otherwise the address of the service. The uptime needs `process_start_time_seconds`.
//!
//! # Values
//!
//! * Tables span the last 15 seconds; each point of a chart spans the time between two scrapes.
//! * Percentiles are linear inside of a bucket, as `histogram_quantile` computes them. Below the first bound they are shown as
//!   `< 5 ms`, above the last one as `> 2 s`. A histogram that has native buckets alone shows its mean.
//! * A gauge named `…_timestamp_seconds` or `…_start_time_seconds` is a date in the browser's time zone; zero is `never`.
//! * A limit (`max` or `limit` in the name) that is infinite or 2⁶² and more is `unlimited`.
//! * Label values are cut at 100 letters; the tooltip has the whole. Control characters and overrides of the text's direction are shown
//!   as escapes.
//!
//! # Access
//!
//! The restrictions of the endpoint are those of the page's scrapes. With a bearer token the page asks for it, keeps it in memory only,
//! and sends a token that was refused no second time. While scrapes fail the page says why, keeps the last values, and tries again after
//! at most 15 seconds.
