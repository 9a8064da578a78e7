//! The contract between a metric type and the storage of its series.

use crate::group::GroupField;
pub(crate) use crate::{
    cell::Cells,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// How a metric type is laid out, and how it is made of its series.
pub trait Series: Sized {
    /// The type in the exposition.
    const KIND: MetricType;
    /// How many slots a series has, where that is the same for all metrics of the type; zero where not.
    const WIDTH: usize = 0;

    /// What the slots of a series mean.
    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition>;

    /// The metric that counts in the one series of a set.
    fn from_set(set: SharedSet) -> Self;
}

/// A metric type that an [`DynamicFamily`](crate::DynamicFamily) may be of.
pub trait Part: Series {
    /// The metric that counts in one series of a set.
    fn of_series(set: SharedSet, cells: Cells) -> Self;
}

/// A metric type that can be a field of a group and the metric of a [`Family`](crate::Family).
///
/// It is implemented by the types of this crate and cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of metrics",
    label = "a family is of `Counter`, `Gauge`, `Histogram`, `Summary` or another type of this crate"
)]
pub trait Metric: Series + GroupField {
    /// One series of a family of this type.
    type Child<'a>: Copy;

    /// What a series of this type holds, as [`Family::series`](crate::Family::series) gives it.
    type Value;

    #[doc(hidden)]
    fn child(cells: Cells, layout: &Layout) -> Self::Child<'_>;

    #[doc(hidden)]
    #[inline]
    fn child_of(cells: Cells, set: &SeriesSet) -> Self::Child<'_> {
        Self::child(cells, set.layout())
    }

    /// The value in the words of a series.
    #[doc(hidden)]
    fn value(layout: &Layout, words: &[u64]) -> Self::Value;

    /// The child that counts nothing.
    #[cfg(not(feature = "enabled"))]
    #[doc(hidden)]
    fn none<'a>() -> Self::Child<'a>;
}
