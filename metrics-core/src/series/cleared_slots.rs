//! Slots without exemplars and native buckets of their former owner.

use crate::{
    cell::{Cells, SeriesShape, Slots},
    exemplar, native,
};

/// Allocates neighbouring slots for `series` series, all at zero; `None` where no more are left.
pub(super) fn allocate(series: usize, shape: SeriesShape) -> Option<Slots> {
    let slots = Slots::allocate(series, shape)?;
    clear(slots.cells(), series * shape.width);
    Some(slots)
}

/// Forgets the exemplars and native buckets of `count` slots, which start anew.
pub(super) fn clear(first: Cells, count: usize) {
    exemplar::clear(first.number(), count);
    native::clear(first.number(), count);
}
