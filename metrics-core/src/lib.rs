//! Metrics for Rust services: attributes for functions, typed metrics and labels, registries, and pages for Prometheus.
//!
//! The [`guide`] has a page for each subject.
//!
//! ```
//! use metrics_core::{Counter, Family, LabelSet, LabelValue, MetricGroup, Registry, counted};
//!
//! /// Reads a number.
//! #[counted]
//! fn read(text: &str) -> Result<u32, std::num::ParseIntError> {
//!     text.parse()
//! }
//!
//! #[derive(Clone, Copy, LabelValue)]
//! #[label(rename_all = "snake_case")]
//! enum MatchType { Solo, Team }
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct MatchLabels { match_type: MatchType }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "arena")]
//! struct ArenaMetrics {
//!     /// Matches by kind.
//!     matches_total: Family<MatchLabels, Counter>,
//! }
//!
//! ArenaMetrics::global().matches_total.with(MatchLabels { match_type: MatchType::Solo }).inc();
//! read("seven").unwrap_err();
//!
//! let page = Registry::global().text();
//! for line in [
//!     r#"arena_matches_total{match_type="solo"} 1"#,
//!     r#"arena_matches_total{match_type="team"} 0"#,
//!     r#"function_calls_total{function="read",module="MODULE",result="error"} 1"#,
//!     r#"function_calls_total{function="read",module="MODULE",result="ok"} 0"#,
//! ] {
//!     let line = line.replace("MODULE", module_path!());
//!     assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
//! }
//! ```
//!
//! # How it counts
//!
//! A cell has one writer: every thread adds to cells of its own, and a scrape sums up the cells of all threads. An increment is a
//! load, an addition and a store, without the bus lock that makes shared atomics slow. Its cost does not grow with the number of
//! threads. A label set with finite labels is an index, and a [`Capped`] string is looked up without a lock. Counting neither
//! allocates nor blocks nor panics.
//!
//! # Registration
//!
//! Annotated functions and groups are on a link-time list, so all of them are on the first page, at zero, without being touched or
//! listed by hand. A platform without such a list registers a metric at its first use.
//!
//! A definition that contradicts another is an error that names both places. It is logged once, counted in
//! `metrics_registration_errors_total`, and listed by [`Registry::registration_errors`]. Its metric is missing from the page, and
//! the service goes on.
//!
//! # Beside the `prometheus` crate
//!
//! The global registry is a collector in `prometheus::default_registry()`, and its page shows the other collectors there, so a
//! service can move metric by metric. Call [`Registry::global`] at the start of a service that only calls `prometheus::gather()`:
//! the collector is registered with the first use. The crate is re-exported as [`prometheus`], in the version that both share.
//!
//! # After `main`
//!
//! Thread-local destructors, and destructors that run after `main` has returned, may still count, in cells that all threads share.
//!
//! # Features
//!
//! Features only add, so a library depends on this crate with `default-features = false`, and the application decides.
//!
//! | feature | effect |
//! |---|---|
//! | `enabled` (default) | attributes and metrics act; without it an attribute checks its arguments and leaves its function as it was written, metrics count nothing, and pages are empty |
//! | `process` (default) | the page of the global registry has the metrics of the process, on Linux; see [`Registry::show_process_metrics`] |
//! | `gzip` (default), `zstd` | pages of 1024 bytes and more are compressed if the scraper accepts it; `zstd` builds C code |
//! | `http` | `MetricsEndpoint`, the metrics endpoint for any server on the types of the `http` crate |
//! | `tracing-opentelemetry` | exemplars from the spans of `tracing` that go to OpenTelemetry |
//! | `tokio` | `TokioMetrics`, the metrics of a Tokio runtime |
//! | `caches`, `container`, `diesel`, `jemalloc`, `poll`, `pools`, `query-summary`, `redis`, `sqlx`, `sqlx-queries` | metrics of caches, the container, the allocator, polled values, pools and databases; see [`guide::integrations`] |
//! | `push`, `push-tls` | `Push` and `Job`: registries sent to a Pushgateway or into a file for node_exporter; without `push-tls` over `http` alone; see the guide |
//! | `remote-write`, `otlp` | `RemoteWrite` and `Otlp`, targets of a push for Prometheus, hosted services and OpenTelemetry; see the guide |
//! | `actix-web` | a returned response of actix-web with a status of 5xx is an error of the function; metrics-actix turns it on |
//! | `either` | the outcome of a function is found inside the `Either` of the crate `either` |
//! | `instant-clock` | the clock is `std::time::Instant`, never the processor's time-stamp counter |

mod builtin;
mod catalog;
mod cell;
mod clock;
mod encode;
#[cfg(feature = "http")]
mod endpoint;
mod exemplar;
mod exposition;
mod function;
mod group;
pub mod guide;
mod integrations;
mod label;
mod metric;
mod model;
#[cfg(all(test, metrics_core_loom))]
mod models;
mod name;
mod native;
mod private;
pub mod prometheus;
#[cfg(feature = "push")]
mod push;
mod registry;
mod series;
mod sync;
pub mod testing;

#[doc(hidden)]
pub mod __private {
    //! All that generated code may name, and nothing for use by hand.
    pub use crate::private::*;
}

#[cfg(feature = "tokio")]
pub use builtin::TokioMetrics;
pub use catalog::{Catalog, CatalogEntry, CatalogLabel, catalog};
pub use clock::Stopwatch;
#[cfg(feature = "http")]
pub use endpoint::{EndpointBody, EndpointRequest, ForwardedHeader, MetricsEndpoint, StreamAborted};
#[cfg(feature = "tracing-opentelemetry")]
pub use exemplar::OpenTelemetrySpans;
pub use exemplar::{ExemplarLabels, ExemplarSource, SourceInstalled, install_exemplar_source};
pub use exposition::{Chunk, Page, PageChunks, Scrape, ScrapePermit};
pub use function::{Outcome, set_function_buckets};
pub use group::{LabelledRegistry, MetricGroup};
#[cfg(feature = "container")]
pub use integrations::ContainerMetrics;
#[cfg(feature = "jemalloc")]
pub use integrations::JemallocMetrics;
#[cfg(feature = "poll")]
pub use integrations::Poll;
#[cfg(feature = "query-summary")]
pub use integrations::QuerySummaries;
#[cfg(feature = "sqlx-queries")]
pub use integrations::SqlxQueries;
#[cfg(feature = "caches")]
pub use integrations::{CacheMetrics, CacheStatus, CacheStatusMetrics, EvictionCause};
pub use integrations::{DatabaseUse, DatabaseUseScope, count_database_use, record_database_operation};
#[cfg(feature = "diesel")]
pub use integrations::{DieselInstrumentation, DieselMetrics};
#[cfg(feature = "pools")]
pub use integrations::{InUse, PoolMetrics, PoolStatus, PoolTimes};
#[cfg(feature = "sqlx")]
pub use integrations::{MeasuredConnection, MeasuredExecutor, MeasuredPool, MeasuredTransaction};
#[cfg(feature = "redis")]
pub use integrations::{MeasuredRedis, RedisMetrics};
pub use label::{
    Bounded, Capped, Dimension, Interned, LabelField, LabelName, LabelSet, LabelValue, LabelValues, OTHER,
    StatusClass,
};
pub use metric::{
    Counter, CounterFn, CounterFnHandle, CounterHandle, DynamicFamily, Family, Gauge, GaugeFn, GaugeFnHandle,
    GaugeHandle, Histogram, HistogramHandle, HistogramSnapshot, HistogramTimer, Info, InfoHandle,
    LabelArgument, Metric, Series, StateSet, StateSetHandle, Summary, SummaryHandle, SummarySnapshot,
    Tracked,
};
pub use metrics_macros::{LabelSet, LabelValue, MetricGroup, counted, in_flight, observed, timed};
pub use model::{
    DEFAULT_BUCKETS, DEFAULT_BYTE_BUCKETS, DEFAULT_FUNCTION_BUCKETS, DEFAULT_RATIO_BUCKETS, Format, Location,
    MetricType, Objective, RegistrationError,
};
pub use prometheus::{fields::UnregisterOnDrop, isolated::Isolated};
#[cfg(feature = "otlp")]
pub use push::Otlp;
#[cfg(feature = "remote-write")]
pub use push::RemoteWrite;
#[cfg(feature = "push")]
pub use push::{Job, Push, PushClient, PushError, PushHandle, PushTarget, Pushgateway, RunningJob, Textfile};
pub use registry::{ConstantLabelsError, Definition, Registry, service_name};
