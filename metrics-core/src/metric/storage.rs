//! The contract between a metric type and the storage of its series.

use std::marker::PhantomData;

use crate::{
    cell::Cells,
    group::GroupField,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// The `S` of a handle that borrows its series from a metric or a family.
///
/// A handle holds on to its series in one of two ways. The handle inside a metric owns a reference count of the set of series
/// ([`SharedSet`]), so it is neither `Copy` nor shorter-lived than its slots. The handle that
/// [`Family::with`](super::Family::with) returns borrows the set for `'a`: it is `Copy`, it costs no reference count, and the
/// borrow checker keeps it from outliving slots that another metric may get.
pub(super) type Borrowed<'a> = PhantomData<&'a SeriesSet>;

/// A metric type whose series are stored in slots.
pub trait StoredMetric: Sized {
    /// The type in the exposition.
    const TYPE: MetricType;
    /// Number of slots of a series where all metrics of the type have the same; otherwise zero.
    const WIDTH: usize = 0;

    /// Returns the meaning of a series' slots.
    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition>;

    /// Creates the metric of the one series of a set.
    fn from_set(set: SharedSet) -> Self;
}

/// A metric type of which there are [`DynamicFamily`](super::DynamicFamily)s.
pub trait DynamicMetric: StoredMetric {
    /// Creates the metric of one series of a set.
    fn of_series(set: SharedSet, cells: Cells) -> Self;
}

/// A metric type that can be a field of a group and the metric of a [`Family`](crate::Family).
///
/// The types of this crate implement it, and no others can.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of metrics",
    label = "a family is of `Counter`, `Gauge`, `Histogram`, `Summary` or another type of this crate"
)]
pub trait Metric: StoredMetric + GroupField {
    /// Handle of one series of a family, as [`Family::with`](crate::Family::with) returns it.
    type Handle<'a>: Copy;

    /// Value of one series, as [`Family::series`](crate::Family::series) returns it.
    type Value;

    #[doc(hidden)]
    fn handle_of(cells: Cells, set: &SeriesSet) -> Self::Handle<'_>;

    /// Returns the value in the words of a series.
    #[doc(hidden)]
    fn value(layout: &Layout, words: &[u64]) -> Self::Value;
}
