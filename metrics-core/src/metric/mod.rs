//! The metric types: counter, gauge, histogram.
//!
//! A metric by itself owns one series; the same type inside a [`Family`](crate::Family) names what the series of that family
//! are, and [`Family::with`](crate::Family::with) gives one of them: a [`CounterChild`], a [`GaugeChild`], a
//! [`HistogramChild`], all of them small and `Copy`.

#[cfg(feature = "enabled")]
mod counter;
#[cfg(feature = "enabled")]
mod gauge;
#[cfg(feature = "enabled")]
mod histogram;
#[cfg(not(feature = "enabled"))]
mod off;

#[cfg(not(feature = "enabled"))]
pub use off::{Counter, CounterChild, Gauge, GaugeChild, Histogram, HistogramChild};

#[cfg(feature = "enabled")]
pub use self::{
    counter::{Counter, CounterChild},
    gauge::{Gauge, GaugeChild},
    histogram::{Histogram, HistogramChild},
};

/// A metric type that can be a field of a group and the metric of a [`Family`](crate::Family).
///
/// It is implemented by [`Counter`], [`Gauge`] and [`Histogram`] and cannot be implemented elsewhere.
pub trait Metric: sealed::Series {
    /// One series of a family of this type.
    type Child<'a>: Copy;

    #[doc(hidden)]
    fn child(cells: sealed::Cells, layout: &sealed::Layout) -> Self::Child<'_>;

    /// The child that counts nothing.
    #[cfg(not(feature = "enabled"))]
    #[doc(hidden)]
    fn none<'a>() -> Self::Child<'a>;
}

pub(crate) mod sealed {
    pub(crate) use crate::{
        cell::Cells, definition::Definition, family::SharedSet, layout::Layout, name::Rejection,
    };

    /// How a metric type is laid out, and how it is made of its series.
    pub trait Series: Sized {
        /// What the slots of a series mean.
        fn layout(definition: &Definition) -> Result<Layout, Rejection>;

        /// The metric that counts in the one series of a set.
        fn from_set(set: SharedSet) -> Self;
    }
}
