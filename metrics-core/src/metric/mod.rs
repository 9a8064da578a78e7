//! The metric types.
//!
//! A metric by itself owns one series; the same type inside a [`Family`](crate::Family) names what the series of that family
//! are, and [`Family::with`](crate::Family::with) gives one of them: a [`CounterChild`], a [`GaugeChild`], a
//! [`HistogramChild`], all of them small and `Copy`.

mod callback;
mod counter;
mod gauge;
mod histogram;
mod info;
mod state_set;
mod summary;
mod timer;
mod track;

pub use callback::{CounterFn, CounterFnChild, GaugeFn, GaugeFnChild};
pub use counter::{Counter, CounterChild};
pub use gauge::{Gauge, GaugeChild};
pub use histogram::{Histogram, HistogramChild, HistogramSnapshot};
pub use info::{Info, InfoChild};
pub use state_set::{StateSet, StateSetChild};
pub use summary::{Summary, SummaryChild, SummarySnapshot};
pub use timer::HistogramTimer;
pub use track::Tracked;

/// A metric type that can be a field of a group and the metric of a [`Family`](crate::Family).
///
/// It is implemented by the types of this crate and cannot be implemented elsewhere.
pub trait Metric: sealed::Series {
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
}

pub(crate) mod sealed {
    pub(crate) use crate::{
        cell::Cells,
        definition::Definition,
        family::{SeriesSet, SharedSet},
        layout::Layout,
        name::Rejection,
    };

    /// How a metric type is laid out, and how it is made of its series.
    pub trait Series: Sized {
        /// What the slots of a series mean.
        fn layout(definition: &Definition) -> Result<Layout, Rejection>;

        /// The metric that counts in the one series of a set.
        fn from_set(set: SharedSet) -> Self;
    }
}
