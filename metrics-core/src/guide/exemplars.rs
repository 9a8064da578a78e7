//! Exemplars: the trace from which a count comes.
//!
//! OpenMetrics, protobuf and JSON show an exemplar beside a counter or a bucket; the text format has none. Grafana shows them as
//! dots on a graph, each with a link to its trace.
//!
//! A single observation can bring its own:
//!
//! ```
//! use metrics_core::{Definition, Histogram, Registry};
//!
//! let registry = Registry::new();
//! let definition = Definition::new("job_duration_seconds", "Duration of jobs.").buckets(&[0.1, 1.0]);
//! let jobs: Histogram = registry.register(&definition)?;
//! jobs.observe_with(0.25, [("trace_id", "4bf92f35")]);
//! assert!(registry.open_metrics().contains("le=\"1.0\"} 1 # {trace_id=\"4bf92f35\"} 0.25 "));
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
//!
//! A source gives them to all counters and histograms, annotated functions and the middleware included. It is installed once for
//! the program and returns the labels of the current span:
//!
//! ```standalone_crate
//! use std::cell::Cell;
//!
//! use metrics_core::{
//!     Counter, Definition, ExemplarLabels, ExemplarSource, Registry, install_exemplar_source,
//! };
//!
//! thread_local! {
//!     static TRACE: Cell<Option<u64>> = const { Cell::new(None) };
//! }
//!
//! struct CurrentTrace;
//!
//! impl ExemplarSource for CurrentTrace {
//!     fn current(&self, labels: &mut ExemplarLabels) {
//!         if let Some(trace) = TRACE.get() {
//!             labels.push_display("trace_id", format_args!("{trace:016x}"));
//!         }
//!     }
//! }
//!
//! install_exemplar_source(CurrentTrace)?;
//!
//! let registry = Registry::new();
//! let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
//! jobs.inc(); // outside of a trace: no exemplar
//! TRACE.set(Some(7));
//! jobs.inc();
//! assert!(registry.open_metrics().contains("jobs_total 2 # {trace_id=\"0000000000000007\"} 1 "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `OpenTelemetrySpans`, with the feature `tracing-opentelemetry`, is such a source for the spans of `tracing`.
//!
//! # Cost and limits
//!
//! Without a source, counting costs nothing more. With one, each series records at most one exemplar per scrape and ten per
//! second. Names and values of the labels have at most 128 code points together; a longer exemplar is dropped and counted in
//! `metrics_exemplars_dropped_total`.
