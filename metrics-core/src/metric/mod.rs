//! The metric types.
//!
//! A metric by itself owns one series; the same type inside a [`Family`](crate::Family) names what the series of that family
//! are, and [`Family::with`](crate::Family::with) gives one of them: a [`CounterChild`], a [`GaugeChild`], a
//! [`HistogramChild`], all of them small and `Copy`.

#[cfg(feature = "enabled")]
mod callback;
#[cfg(feature = "enabled")]
mod counter;
mod dynamic_family;
#[cfg(feature = "enabled")]
mod family;
#[cfg(not(feature = "enabled"))]
mod family_off;
mod field;
#[cfg(feature = "enabled")]
mod gauge;
#[cfg(feature = "enabled")]
mod histogram;
mod info;
#[cfg(not(feature = "enabled"))]
mod off;
mod quantiles;
mod request;
mod series;
mod shared;
mod snapshot;
mod state_set;
mod storage;
mod summary;
mod timer;
mod track;

#[cfg(not(feature = "enabled"))]
pub use family_off::Family;
#[cfg(not(feature = "enabled"))]
use off as counter;
#[cfg(not(feature = "enabled"))]
use off as gauge;
#[cfg(not(feature = "enabled"))]
pub use off::{
    Counter, CounterChild, CounterFn, CounterFnChild, Gauge, GaugeChild, GaugeFn, GaugeFnChild, Histogram,
    HistogramChild,
};

#[cfg(feature = "enabled")]
pub use self::{
    callback::{CounterFn, CounterFnChild, GaugeFn, GaugeFnChild},
    counter::{Counter, CounterChild},
    family::Family,
    gauge::{Gauge, GaugeChild},
    histogram::{Histogram, HistogramChild},
};
pub(crate) use self::{counter::Number, gauge::Level};
pub use self::{
    dynamic_family::DynamicFamily,
    info::{Info, InfoChild},
    request::{finish_request, observe_nanos},
    series::Series,
    snapshot::{HistogramSnapshot, SummarySnapshot},
    state_set::{StateSet, StateSetChild},
    storage::{Metric, Part},
    summary::{Summary, SummaryChild},
    timer::HistogramTimer,
    track::Tracked,
};
