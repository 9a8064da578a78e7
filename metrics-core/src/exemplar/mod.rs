//! Exemplars: the trace that an observation was made in.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars>
//!
//! A counter and each bucket of a histogram keep one exemplar, the latest ([`store`]). It is given with the observation, or
//! taken from the [source] that is installed once for the program. Nobody waits for it: an exemplar that finds another thread
//! at its slot is left out.
//!
//! Without a source the fast path knows nothing of exemplars. With one, no thread has fast cells (see `cell::cells`), and the
//! slow path, which is a branch that was there already, asks the source.

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
