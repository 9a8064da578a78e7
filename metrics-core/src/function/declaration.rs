//! The declaration of a function's metrics, all of it constant.

use super::Outcome;
use crate::{
    label::Dimension,
    model::{Location, Objective},
    registry::{NativeBuckets, Registry},
};

/// A function with attributes: one a function, whatever the number of attributes on it.
#[derive(Debug)]
pub struct SiteDeclaration {
    /// The function's name in labels: `parse`, or `Parser::parse` under an annotated `impl`.
    pub function: &'static str,
    /// `module_path!()` of the function.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// The labels that are computed by the call: first those from arguments, then those from the returned value. `None`
    /// where the type is known only in a call (the argument is generic); [`CallSite::prepare`](super::CallSite::prepare)
    /// fills them in.
    pub dimensions: &'static [Option<Dimension>],
    /// The number of dimensions that come from arguments.
    pub arguments: usize,
    /// The metrics of the function.
    pub instruments: &'static [Instrument],
    /// The registry of `registry = PATH`; `None` is the global one.
    pub registry: Option<fn() -> &'static Registry>,
    /// Set where `function = "…"` names the function: another function of that name shares its series on purpose.
    pub is_named: bool,
}

impl SiteDeclaration {
    /// The fields that a declaration without arguments leaves as they are.
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

/// One metric of an annotated function.
#[derive(Debug)]
pub struct Instrument {
    /// The events that it records.
    pub kind: InstrumentKind,
    /// The metric's full name.
    pub name: &'static str,
    /// The former name, under which the metric is exposed as well.
    pub renamed_from: Option<&'static str>,
    /// The help text.
    pub help: &'static str,
    /// The labels in the order of the exposition.
    pub labels: &'static [InstrumentLabel],
    /// The one ending that is recorded, or all.
    pub only: Option<Outcome>,
    /// Upper bounds in seconds without `+Inf`, none for those of the program; used by [`InstrumentKind::Duration`] alone.
    pub buckets: &'static [f64],
    /// The native buckets, if any; used by [`InstrumentKind::Duration`] alone.
    pub native: Option<NativeBuckets>,
    /// The objective that is evaluated by this metric.
    pub objective: Option<&'static Objective>,
}

impl Instrument {
    /// The family that `#[counted]` without a name counts in.
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
    /// The family that `#[timed]` without a name observes in.
    pub const DURATION: Self = Self {
        kind: InstrumentKind::Duration,
        name: "function_calls_duration_seconds",
        help: "Duration of calls of annotated functions in seconds.",
        labels: &[InstrumentLabel::Function, InstrumentLabel::Module],
        ..Self::CALLS
    };
    /// The family that `#[in_flight]` without a name keeps.
    pub const IN_FLIGHT: Self = Self {
        kind: InstrumentKind::InFlight,
        name: "function_calls_concurrent",
        help: "Number of calls of annotated functions in progress.",
        labels: &[InstrumentLabel::Function, InstrumentLabel::Module],
        ..Self::CALLS
    };
    /// The three of `#[observed]`.
    pub const OBSERVED: &[Self] = &[Self::CALLS, Self::DURATION, Self::IN_FLIGHT];
}

/// The events that an [`Instrument`] records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentKind {
    /// A counter of calls that ended.
    Calls,
    /// A histogram of the calls' durations in seconds.
    Duration,
    /// A gauge of the calls under way.
    InFlight,
}

/// One label of an [`Instrument`].
#[derive(Clone, Copy, Debug)]
pub enum InstrumentLabel {
    /// The label `function`, the site's.
    Function,
    /// The label `module`, the site's.
    Module,
    /// The same value in every call.
    Constant(&'static str, &'static str),
    /// The call's [`Outcome`], in a label of this name.
    Outcome(&'static str),
    /// The site's dimension at this index.
    Dimension(usize),
    /// The site's dimension at this index, which comes from the error: absent in every call that succeeds.
    Error(usize),
}

impl InstrumentLabel {
    /// The index of the site's dimension, for a label that a call computes.
    pub(super) const fn dimension(self) -> Option<usize> {
        match self {
            Self::Dimension(index) | Self::Error(index) => Some(index),
            Self::Function | Self::Module | Self::Constant(..) | Self::Outcome(_) => None,
        }
    }

    /// Returns `true` for a label that is the same in every call.
    pub(super) const fn is_constant(self) -> bool {
        matches!(self, Self::Function | Self::Module | Self::Constant(..))
    }
}
