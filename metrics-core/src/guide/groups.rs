//! Groups: a struct whose fields are metrics.
//!
//! `#[derive(MetricGroup)]` makes a metric of each field. Its name is the namespace and the name of the field, and its help text
//! is the doc comment. A family has a metric for each label set, and finite label sets are all on the page from the start.
//!
//! ```
//! use metrics_core::{Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry};
//!
//! #[derive(Clone, Copy, LabelValue)]
//! #[label(rename_all = "snake_case")]
//! enum Storage {
//!     Memory,
//!     Disk,
//! }
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct Lookup {
//!     storage: Storage,
//!     hit: bool,
//! }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "cache")]
//! struct CacheMetrics {
//!     /// Look-ups.
//!     lookups_total: Family<Lookup, Counter>,
//!     /// Entries in the cache.
//!     entries: Gauge,
//!     /// Duration of a load in seconds.
//!     #[metric(buckets(0.01, 0.1, 1))]
//!     load_duration_seconds: Histogram,
//! }
//!
//! // The static instance is registered in the global registry, and on its page without being touched.
//! let metrics = CacheMetrics::global();
//! metrics.lookups_total.with(Lookup { storage: Storage::Disk, hit: false }).inc();
//! metrics.entries.set(12);
//! metrics.load_duration_seconds.observe(0.05);
//!
//! assert_eq!(metrics_core::testing::family(Registry::global(), "cache_lookups_total"), r#"# HELP cache_lookups_total Look-ups.
//! ## TYPE cache_lookups_total counter
//! cache_lookups_total{storage="memory",hit="false"} 0
//! cache_lookups_total{storage="memory",hit="true"} 0
//! cache_lookups_total{storage="disk",hit="false"} 1
//! cache_lookups_total{storage="disk",hit="true"} 0
//! "#);
//! ```
//!
//! # Where to read on
//!
//! * [`field_types`](super::field_types) and [`field_options`](super::field_options): each type and each option of a field.
//! * [`group_options`](super::group_options): options of the struct.
//! * [`instances`](super::instances): instances other than the static one.
//! * [`methods`](super::methods): timers, guards, and values read back.
//! * [`labels`](super::labels): label values and label sets.
