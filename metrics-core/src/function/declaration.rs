//! What an attribute declares about its function, all of it constant.

use super::Ending;
use crate::label::Dimension;

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
    /// How many of the dimensions come from arguments.
    pub arguments: usize,
    /// The metrics of the function.
    pub instruments: &'static [Instrument],
}

/// One metric of an annotated function.
#[derive(Debug)]
pub struct Instrument {
    /// What it records.
    pub kind: InstrumentKind,
    /// The metric's full name.
    pub name: &'static str,
    /// The help text.
    pub help: &'static str,
    /// The labels in the order of the exposition.
    pub labels: &'static [InstrumentLabel],
    /// The one ending that is recorded, or all.
    pub only: Option<Ending>,
    /// Upper bounds in seconds without `+Inf`; used by [`InstrumentKind::Duration`] alone.
    pub buckets: &'static [f64],
}

/// What an [`Instrument`] records.
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
    /// The same value in every call.
    Constant(&'static str, &'static str),
    /// The label `result`, the call's [`Ending`].
    Result,
    /// The site's dimension at this place.
    Dimension(usize),
}

/// The name of the family that `#[counted]` without a name counts in.
pub const CALLS: &str = "function_calls_total";
/// The help text of [`CALLS`].
pub const CALLS_HELP: &str = "Calls of annotated functions that ended, by result.";
/// The name of the family that `#[timed]` without a name observes in.
pub const DURATION: &str = "function_calls_duration_seconds";
/// The help text of [`DURATION`].
pub const DURATION_HELP: &str = "Time that calls of annotated functions took, in seconds.";
/// The name of the family that `#[in_flight]` without a name keeps.
pub const IN_FLIGHT: &str = "function_calls_concurrent";
/// The help text of [`IN_FLIGHT`].
pub const IN_FLIGHT_HELP: &str = "Calls of annotated functions that are under way.";
