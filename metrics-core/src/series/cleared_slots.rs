//! Slots without exemplars and native buckets of their former owner.

use crate::{
    cell::{SeriesShape, Slot, Slots},
    exemplar, native,
};

/// Allocates neighbouring slots for `series` series, all at zero; `None` where no more are left.
pub(super) fn allocate(series: usize, shape: SeriesShape) -> Option<Slots> {
    let slots = Slots::allocate(series, shape)?;
    clear(slots.first(), series * shape.width);
    Some(slots)
}

/// Forgets the exemplars and native buckets of `count` slots, which start anew.
pub(super) fn clear(first: Slot, count: usize) {
    exemplar::clear(first, count);
    native::clear(first, count);
}
