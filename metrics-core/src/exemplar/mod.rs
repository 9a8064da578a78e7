//! Exemplars: which trace an observation was made in.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars>
//!
//! A counter and each bucket of a histogram have room for one exemplar, the latest ([`store`]). It is given with the
//! observation, or taken by itself from what is [installed](source) once for the program. Nobody waits for it: an exemplar that
//! finds another thread at its place is left out.
//!
//! Without a source the hot path knows nothing of exemplars. With one, no thread finds its cells the short way (see
//! `cell::local`), and on the long way, which is a branch that was there already, the source is asked.

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
