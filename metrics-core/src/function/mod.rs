//! The runtime of the attributes: a call site, a guard for each call, and its outcome.

mod bound_metric;
mod call;
mod call_start;
mod capped;
mod capped_probe;
mod constant;
mod declaration;
mod default_buckets;
mod edge;
mod failing;
mod fallible;
mod label;
mod outcome;
mod recorder;
mod registration;
mod residual;
mod resolved_site;
mod site;

pub use call::{Call, boxed_future, call_once};
pub use capped::CappedValue;
pub use capped_probe::{CappedProbe, CappedText, DisplayedValue};
pub use constant::{assert_latency, assert_metric, assert_objective, assert_series, makes_many_series};
pub use declaration::{Instrument, InstrumentKind, InstrumentLabel, SiteDeclaration};
pub use default_buckets::set_function_buckets;
pub use edge::never;
pub use failing::{Failing, error_of};
pub use fallible::{PlainValue, Probe};
pub use label::{
    LabelProbe, NotALabelValue, apply, dimension, dimension_of, position, position_and_type, returned,
    returned_dimension, type_of,
};
pub use outcome::Outcome;
pub use residual::{Branch, FromResidual, branch, from_residual};
pub use site::CallSite;
