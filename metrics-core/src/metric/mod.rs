//! The metric types.
//!
//! A metric by itself owns one series; the same type inside a [`Family`](crate::Family) names what the series of that family
//! are, and [`Family::with`](crate::Family::with) gives one of them: a [`CounterChild`], a [`GaugeChild`], a
//! [`HistogramChild`], all of them small and `Copy`.

#[cfg(feature = "enabled")]
mod callback;
#[cfg(feature = "enabled")]
mod counter;
#[cfg(feature = "enabled")]
mod gauge;
#[cfg(feature = "enabled")]
mod histogram;
mod info;
#[cfg(not(feature = "enabled"))]
mod off;
mod quantiles;
mod request;
mod shared;
mod snapshot;
mod state_set;
mod summary;
mod timer;
mod track;

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
    gauge::{Gauge, GaugeChild},
    histogram::{Histogram, HistogramChild},
};
pub(crate) use self::{counter::Number, gauge::Level};
pub use self::{
    info::{Info, InfoChild},
    request::{finish_request, observe_nanos},
    snapshot::{HistogramSnapshot, SummarySnapshot},
    state_set::{StateSet, StateSetChild},
    summary::{Summary, SummaryChild},
    timer::HistogramTimer,
    track::Tracked,
};

/// A metric type that can be a field of a group and the metric of a [`Family`](crate::Family).
///
/// It is implemented by the types of this crate and cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of metrics",
    label = "a family is of `Counter`, `Gauge`, `Histogram`, `Summary` or another type of this crate"
)]
pub trait Metric: sealed::Series + crate::field::GroupField {
    /// One series of a family of this type.
    type Child<'a>: Copy;

    /// What a series of this type holds, as [`Family::series`](crate::Family::series) gives it.
    type Value;

    #[doc(hidden)]
    fn child(cells: sealed::Cells, layout: &sealed::Layout) -> Self::Child<'_>;

    #[doc(hidden)]
    #[inline]
    fn child_of(cells: sealed::Cells, set: &sealed::SeriesSet) -> Self::Child<'_> {
        Self::child(cells, set.layout())
    }

    /// The value in the words of a series.
    #[doc(hidden)]
    fn value(layout: &sealed::Layout, words: &[u64]) -> Self::Value;

    /// The child that counts nothing.
    #[cfg(not(feature = "enabled"))]
    #[doc(hidden)]
    fn none<'a>() -> Self::Child<'a>;
}

pub(crate) mod sealed {
    pub(crate) use crate::{
        cell::Cells,
        definition::Definition,
        descriptor::Kind,
        family::{SeriesSet, SharedSet},
        layout::Layout,
        name::Rejection,
    };

    /// How a metric type is laid out, and how it is made of its series.
    pub trait Series: Sized {
        /// The type in the exposition.
        const KIND: Kind;
        /// How many slots a series has, where that is the same for all metrics of the type; zero where not.
        const WIDTH: usize = 0;

        /// What the slots of a series mean.
        fn layout(definition: &Definition) -> Result<Layout, Rejection>;

        /// The metric that counts in the one series of a set.
        fn from_set(set: SharedSet) -> Self;
    }

    /// A metric type that an [`OpenFamily`](crate::OpenFamily) may be of.
    pub trait Part: Series {
        /// The metric that counts in one series of a set.
        fn of_series(set: SharedSet, cells: Cells) -> Self;
    }
}
