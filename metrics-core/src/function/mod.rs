//! What attributes expand to: a call site, a guard for each call, and its ending.

mod call;
mod declaration;
mod ending;
mod fast;
mod label;
mod plan;
mod registration;
mod resolved;
mod site;

pub use call::{Call, call_once};
pub use declaration::{
    CALLS, DURATION, IN_FLIGHT, Instrument, InstrumentKind, InstrumentLabel, SiteDeclaration,
};
pub use ending::{Ending, PlainValue, Probe};
pub use label::{
    CappedValue, Place, Unplaced, apply, dimension, dimension_of, position, returned, returned_dimension,
    returned_dimension_of, type_of,
};
pub use site::CallSite;
