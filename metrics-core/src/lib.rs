//! The runtime of the instrumentation framework: metrics, labels, registries, the page, and what attributes expand to.
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
//! A cell has one writer: every thread adds to cells of its own, and a scrape adds the threads' cells up. An increment is a
//! load, an addition and a store without the bus lock that makes shared atomics slow, and its cost is the same however many
//! threads count. A label set whose labels are finite is an index; a [`Capped`] string is looked up without a lock. Nothing on
//! this path allocates, blocks or panics.
//!
//! # What is registered when
//!
//! Annotated functions and groups are on a list that the linker makes, so that all of them are on the first page, at zero,
//! without being touched or listed. A registration that contradicts another is logged once, counted in
//! `metrics_registration_errors_total`, and listed by [`Registry::registration_errors`]; its metric counts where nobody sees it, and the
//! service goes on. Where a platform has no such list, a metric is registered at its first use.
//!
//! # Beside the `prometheus` crate
//!
//! The global registry is a collector in `prometheus::default_registry()`, and its page shows what else is registered there:
//! a service can move metric by metric. A service that only calls `prometheus::gather()` shows our metrics from their first use
//! on; [`Registry::global`] at the start makes that use. The crate is re-exported as [`prometheus`], in the version that the two share.
//!
//! # After `main`
//!
//! Thread-local destructors, and destructors that run after `main` has returned, may still count: their counts go to cells
//! that all threads share.
//!
//! # Features
//!
//! * `enabled`, on by default: attributes and metrics act. Without it an attribute checks its arguments and leaves its
//!   function as it was written, metrics count nothing, and pages are empty. Features only add, so a library depends on this
//!   crate with `default-features = false`, and the application decides.
//! * `process`, on by default: the global registry's page has `process_cpu_seconds_total` and the other facts that the system
//!   tells about the process, on Linux; see [`Registry::show_process_metrics`].
//! * `tokio`: `TokioMetrics`, what a Tokio runtime says of itself.
//! * `gzip`, `zstd`: pages are compressed where a scraper accepts it. `zstd` builds C code.
//! * `tracing-opentelemetry`: exemplars from the spans of `tracing` that go to OpenTelemetry.
//! * `http`: `MetricsEndpoint`, the metrics endpoint for any server on the types of the `http` crate.
//! * `instant-clock`: time is read with `std::time::Instant` alone, never with the processor's time-stamp counter.

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
// For readers and for the tests of what it shows.
#[cfg(any(doc, doctest))]
pub mod guide;
mod label;
mod metric;
mod model;
#[cfg(all(test, loom))]
mod models;
mod name;
mod native;
mod private;
pub mod prometheus;
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
pub use function::Outcome;
pub use group::{LabelledRegistry, MetricGroup};
pub use label::{
    Bounded, Capped, Dimension, Interned, LabelField, LabelName, LabelSet, LabelValue, OTHER, StatusClass,
};
pub use metric::{
    Counter, CounterFn, CounterFnHandle, CounterHandle, DynamicFamily, Family, Gauge, GaugeFn, GaugeFnHandle,
    GaugeHandle, Histogram, HistogramHandle, HistogramSnapshot, HistogramTimer, Info, InfoHandle, Metric,
    Series, StateSet, StateSetHandle, Summary, SummaryHandle, SummarySnapshot, Tracked,
};
pub use metrics_macros::{LabelSet, LabelValue, MetricGroup, counted, in_flight, observed, timed};
pub use model::{
    DEFAULT_BUCKETS, DEFAULT_BYTE_BUCKETS, DEFAULT_RATIO_BUCKETS, Format, Location, MetricType,
    RegistrationError,
};
pub use prometheus::{fields::UnregisterOnDrop, isolated::Isolated};
pub use registry::{Definition, Registry};
