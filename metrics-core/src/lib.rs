//! The runtime of the instrumentation framework.

// The macros name this crate as its users do.
extern crate self as metrics_core;

mod buckets;
mod cell;
mod clock;
mod collector;
mod definition;
mod descriptor;
mod exposition;
mod family;
mod function;
mod group;
mod label;
mod layout;
mod metric;
#[cfg(all(test, loom))]
mod models;
mod name;
mod private;
mod registry;
mod sync;

#[doc(hidden)]
pub mod __private {
    //! See [`crate::private`].
    pub use crate::private::*;
}

pub use buckets::DEFAULT_BUCKETS;
pub use clock::Stopwatch;
pub use definition::Definition;
pub use descriptor::{Kind, Location};
pub use family::Family;
pub use function::Ending;
pub use group::MetricGroup;
pub use label::{Capped, Dimension, Interned, LabelField, LabelSet, LabelValue, OTHER, StatusClass};
pub use metric::{Counter, CounterChild, Gauge, GaugeChild, Histogram, HistogramChild, Metric};
pub use metrics_macros::{LabelSet, LabelValue, MetricGroup, counted, in_flight, observed, timed};
pub use prometheus;
pub use registry::{RegistrationError, Registry};
