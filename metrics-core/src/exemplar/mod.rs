//! Exemplars: the trace of an observation.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars>
//!
//! A counter and each bucket of a histogram keep the latest exemplar ([`store`]). The caller gives it with the observation, or the
//! installed [source] does. Counting does not wait: if another thread is writing to the same slot, the exemplar is skipped.
//!
//! Without a source the fast path has no code for exemplars. With a source threads have no fast cells (see `cell::cells`), so that
//! each count takes the slow path, which asks the source.

mod drop_cause;
mod labels;
#[cfg(feature = "tracing-opentelemetry")]
mod opentelemetry;
mod source;
mod store;

pub(crate) use drop_cause::DropCause;
pub use labels::ExemplarLabels;
pub(crate) use source::sample;
pub use source::{
    ExemplarSource, SourceInstalled, count_with_exemplar, install_exemplar_source, take_exemplar,
};
pub(crate) use store::{Record, any, clear, dropped, read, record};

#[cfg(feature = "tracing-opentelemetry")]
pub use self::opentelemetry::OpenTelemetrySpans;
