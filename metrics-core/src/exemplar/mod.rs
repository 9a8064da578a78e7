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

mod labels;
#[cfg(feature = "tracing-opentelemetry")]
mod opentelemetry;
mod source;
mod store;

pub use labels::ExemplarLabels;
pub use source::{
    ExemplarSource, SourceInstalled, count_with_exemplar, install_exemplar_source, take_exemplar,
};
pub(crate) use source::{is_watching, offer};
pub(crate) use store::{Place, Record, any, clear, dropped, read};

#[cfg(feature = "tracing-opentelemetry")]
pub use self::opentelemetry::OpenTelemetrySpans;

/// Why an exemplar was dropped: the label `cause` of `metrics_exemplars_dropped_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// Its labels' names and values have more than 128 code points.
    Length,
    /// A label's name is illegal, or stands twice.
    Label,
    /// There is no room for more of them.
    Room,
    /// The source panicked.
    Panic,
}

impl Dropped {
    pub(crate) const ALL: [Self; 4] = [Self::Length, Self::Label, Self::Room, Self::Panic];
    pub(crate) const NAMES: [&str; 4] = ["length", "label", "room", "panic"];
}

/// Keeps an exemplar that was given with an observation.
#[inline(never)]
pub(crate) fn give<N: AsRef<str>, V: AsRef<str>>(
    place: Place,
    value: f64,
    labels: impl IntoIterator<Item = (N, V)>,
) {
    let mut collected = ExemplarLabels::new();
    for (name, value) in labels {
        collected.push(name.as_ref(), value.as_ref());
    }
    store::put(place, value, &collected);
}
