//! What attributes expand to: a call site, a guard for each call, and its ending.

mod call;
mod constant;
mod declaration;
mod edge;
mod ending;
mod fast;
mod label;
mod plan;
mod registration;
mod residual;
mod resolved;
mod site;

pub use call::{Call, boxed_future, call_once};
pub use constant::{assert_latency, assert_metric, assert_series, makes_many_series};
pub use declaration::{Instrument, InstrumentKind, InstrumentLabel, SiteDeclaration};
pub use edge::never;
pub use ending::{Failing, Outcome, PlainValue, Probe, error_of};
pub use label::{
    CappedValue, LabelProbe, NotALabelValue, apply, dimension, dimension_of, position, position_and_type,
    returned, returned_dimension, type_of,
};
pub use residual::{Branch, FromResidual, branch, from_residual};
pub use site::CallSite;
