//! Allocation of slots without the exemplars and native buckets of a former owner.

use crate::{
    cell::{SeriesShape, Slot, Slots},
    exemplar, native,
};

/// Allocates neighbouring slots for `series` series, all at zero; returns `None` if too few are left.
pub(super) fn allocate(series: usize, shape: SeriesShape) -> Option<Slots> {
    let slots = Slots::allocate(series, shape)?;
    clear(slots.first(), series * shape.width);
    Some(slots)
}

/// Removes the exemplars and native buckets of `count` slots.
pub(super) fn clear(first: Slot, count: usize) {
    exemplar::clear(first, count);
    native::clear(first, count);
}
