//! Constant declaration of a function's metrics.

use super::Outcome;
use crate::{
    label::Dimension,
    model::{Location, Objective},
    registry::{NativeBuckets, Registry},
};

/// Declaration of an annotated function, one for all of its attributes.
#[derive(Debug)]
pub struct SiteDeclaration {
    /// Name of the function in labels: `parse`, or `Parser::parse` under an annotated `impl`.
    pub function: &'static str,
    /// `module_path!()` of the function.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// Labels that a call computes: those of arguments, then those of the returned value. A type that is known only in a call, as
    /// that of a generic argument, is `None`, and [`CallSite::prepare`](super::CallSite::prepare) provides it.
    pub dimensions: &'static [Option<Dimension>],
    /// Number of dimensions of arguments.
    pub arguments: usize,
    /// Metrics of the function.
    pub instruments: &'static [Instrument],
    /// Registry of `registry = PATH`; `None` is the global one.
    pub registry: Option<fn() -> &'static Registry>,
    /// Set if `function = "…"` names the function: another function of that name shares its series on purpose.
    pub is_named: bool,
}

impl SiteDeclaration {
    /// Default values of the fields.
    pub const PLAIN: Self = Self {
        function: "",
        module: "",
        file: "",
        line: 0,
        dimensions: &[],
        arguments: 0,
        instruments: &[],
        registry: None,
        is_named: false,
    };

    pub(super) const fn location(&self) -> Location {
        Location { file: self.file, line: self.line }
    }

    pub(crate) fn registry(&self) -> &'static Registry {
        self.registry.map_or_else(Registry::global, |registry| registry())
    }
}

/// A metric of an annotated function.
#[derive(Debug)]
pub struct Instrument {
    /// Events that the metric records.
    pub kind: InstrumentKind,
    /// Full name.
    pub name: &'static str,
    /// Former name, under which the metric is exposed as well.
    pub renamed_from: Option<&'static str>,
    /// Help text.
    pub help: &'static str,
    /// Labels in the order of the page.
    pub labels: &'static [InstrumentLabel],
    /// Outcome that is recorded; `None` records all.
    pub only: Option<Outcome>,
    /// Upper bounds in seconds without `+Inf`, for [`InstrumentKind::Duration`]; empty for those of the program.
    pub buckets: &'static [f64],
    /// Native buckets, for [`InstrumentKind::Duration`].
    pub native: Option<NativeBuckets>,
    /// Objective that is evaluated by the metric.
    pub objective: Option<&'static Objective>,
}

impl Instrument {
    /// Family of `#[counted]` without a name.
    pub const CALLS: Self = Self {
        kind: InstrumentKind::Calls,
        name: "function_calls_total",
        renamed_from: None,
        help: "Number of completed calls of annotated functions, by result.",
        labels: &[InstrumentLabel::Function, InstrumentLabel::Module, InstrumentLabel::Outcome("result")],
        only: None,
        buckets: &[],
        native: None,
        objective: None,
    };
    /// Family of `#[timed]` without a name.
    pub const DURATION: Self = Self {
        kind: InstrumentKind::Duration,
        name: "function_calls_duration_seconds",
        help: "Duration of calls of annotated functions in seconds.",
        labels: &[InstrumentLabel::Function, InstrumentLabel::Module],
        ..Self::CALLS
    };
    /// Family of `#[in_flight]` without a name.
    pub const IN_FLIGHT: Self = Self {
        kind: InstrumentKind::InFlight,
        name: "function_calls_concurrent",
        help: "Number of calls of annotated functions in progress.",
        labels: &[InstrumentLabel::Function, InstrumentLabel::Module],
        ..Self::CALLS
    };
    /// The three families of `#[observed]`.
    pub const OBSERVED: &[Self] = &[Self::CALLS, Self::DURATION, Self::IN_FLIGHT];
}

/// The events that an [`Instrument`] records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentKind {
    /// Counter of completed calls.
    Calls,
    /// Histogram of the calls' durations in seconds.
    Duration,
    /// Gauge of the calls in flight.
    InFlight,
}

/// A label of an [`Instrument`].
#[derive(Clone, Copy, Debug)]
pub enum InstrumentLabel {
    /// Label `function` with the name of the function.
    Function,
    /// Label `module` with the module of the function.
    Module,
    /// Label with the same value in every call.
    Constant(&'static str, &'static str),
    /// Label of this name with the call's [`Outcome`].
    Outcome(&'static str),
    /// Dimension of the site at this index.
    Dimension(usize),
    /// Dimension of the site at this index, which belongs to the error: it is absent in calls that succeed.
    Error(usize),
}

impl InstrumentLabel {
    /// Returns the index of the dimension, for a label that a call computes.
    pub(super) const fn dimension(self) -> Option<usize> {
        match self {
            Self::Dimension(index) | Self::Error(index) => Some(index),
            Self::Function | Self::Module | Self::Constant(..) | Self::Outcome(_) => None,
        }
    }

    /// Returns whether the label is the same in every call.
    pub(super) const fn is_constant(self) -> bool {
        matches!(self, Self::Function | Self::Module | Self::Constant(..))
    }
}
