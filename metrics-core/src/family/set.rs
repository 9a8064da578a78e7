//! The series of one definition: where they count, and the text of their labels.

use std::sync::Arc;

use super::{
    dense::Dense,
    hidden::Hidden,
    labels::{self, write_block},
    sparse::{Sparse, SparseSeries},
};
use crate::{
    cell::{Slot, Slots},
    descriptor::Descriptor,
    label::{Dimension, Interners, any_capped, product},
    layout::Layout,
    name::Rejection,
};

/// The most positions that a definition's labels may span.
const MOST_POSITIONS: usize = 1 << 22;

/// The series of one definition.
///
/// A position in the space of the variable labels names a series. Without capped labels every position has its slots from
/// the start; with one, a series is made at its first observation.
#[derive(Debug)]
pub struct SeriesSet {
    descriptor: Descriptor,
    layout: Layout,
    dimensions: Vec<Dimension>,
    interners: Interners,
    storage: Storage,
    hidden: Hidden,
}

#[derive(Debug)]
enum Storage {
    Dense(Dense),
    Sparse(Sparse),
    /// Nobody reads it: the definition could not be registered.
    Detached(Slots),
}

/// What else a set of series is made with.
#[derive(Debug, Default)]
pub(crate) struct SetOptions {
    /// The interners of the capped labels, where the set does not have its own.
    pub(crate) interners: Option<Interners>,
    pub(crate) hidden: Hidden,
}

/// One series for a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesRef<'a> {
    /// Its position in the space of the variable labels.
    pub(crate) position: usize,
    /// Its labels as text, without braces.
    pub(crate) labels: &'a str,
}

impl SeriesSet {
    /// The series of a definition, at zero.
    pub(crate) fn new(
        descriptor: Descriptor,
        layout: Layout,
        options: SetOptions,
    ) -> Result<Self, Rejection> {
        let dimensions = descriptor.dimensions();
        let interners = options.interners.unwrap_or_else(|| Interners::new(&dimensions));
        let positions = product(&dimensions);
        if positions > MOST_POSITIONS {
            return Err(Rejection::new(descriptor.name, "its labels span more than 4,194,304 series"));
        }
        let storage = if any_capped(&dimensions) {
            Storage::Sparse(Sparse::new(positions, layout.shape()))
        } else {
            let Some(slots) = Slots::allocate(positions, layout.shape()) else {
                return Err(Rejection::new(descriptor.name, "there is no room for its series"));
            };
            let mut blocks = labels::Blocks::default();
            for position in 0..positions {
                blocks.push(|out| write_block(out, &descriptor.labels, &Interners::default(), position));
            }
            Storage::Dense(Dense::new(slots, layout.shape().width, blocks.shrink()))
        };
        Ok(Self { descriptor, layout, dimensions, interners, storage, hidden: options.hidden })
    }

    /// The same definition where it could not be registered: it can be counted in, and nobody reads it.
    pub(crate) fn detached(descriptor: Descriptor, layout: Layout) -> Self {
        let dimensions = descriptor.dimensions();
        let interners = Interners::new(&dimensions);
        let storage = Storage::Detached(Slots::sink());
        Self { descriptor, layout, dimensions, interners, storage, hidden: Hidden::default() }
    }

    pub(crate) const fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    pub(crate) const fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    pub(crate) const fn interners(&self) -> &Interners {
        &self.interners
    }

    /// The first slot and the distance from series to series, where positions are slots.
    pub(crate) fn dense(&self) -> Option<(Slot, usize)> {
        match &self.storage {
            Storage::Dense(dense) => Some((dense.first(), self.layout.shape().width)),
            Storage::Sparse(_) => None,
            Storage::Detached(slots) => Some((slots.first(), 0)),
        }
    }

    /// The first slot of the series at a position, which is made where it is missing.
    pub(crate) fn slot_at(&self, position: usize) -> Slot {
        match &self.storage {
            Storage::Dense(dense) => dense.first().plus(position * self.layout.shape().width),
            Storage::Sparse(sparse) => sparse.slot_at(position, || {
                let mut text = String::new();
                write_block(&mut text, &self.descriptor.labels, &self.interners, position);
                text.into()
            }),
            Storage::Detached(slots) => slots.first(),
        }
    }

    /// Calls `each` for the series with their sums, which are as many as the layout is wide.
    ///
    /// `scratch` is reused from call to call so that reading allocates nothing.
    pub(crate) fn read(&self, scratch: &mut Vec<u64>, mut each: impl FnMut(SeriesRef<'_>, &[u64])) {
        let mut show = |series: SeriesRef<'_>, sums: &[u64]| {
            if sums.iter().any(|sum| *sum != 0) || !self.hidden.contains(series.position) {
                each(series, sums);
            }
        };
        match &self.storage {
            Storage::Dense(dense) => dense.read(&self.layout, scratch, &mut show),
            Storage::Sparse(sparse) => {
                for series in sparse.series().iter() {
                    let SparseSeries { position, labels, .. } = &**series;
                    read_slots(&self.layout, series.first(), 1, scratch);
                    show(SeriesRef { position: *position, labels }, scratch);
                }
            }
            Storage::Detached(_) => {}
        }
    }

    /// The labels of a position, with their values unescaped.
    pub(crate) fn labels_at(&self, position: usize) -> Vec<(&str, &str)> {
        labels::pairs(&self.descriptor.labels, &self.interners, position)
    }
}

/// Reads the sums of `series` neighbouring series.
pub(super) fn read_slots(layout: &Layout, first: Slot, series: usize, scratch: &mut Vec<u64>) {
    use crate::cell::{Word, get_shared, sum_f64, sum_range};

    let shape = layout.shape();
    scratch.clear();
    scratch.resize(series * shape.width, 0);
    sum_range(first, scratch);
    if shape.last == Word::Integer {
        return;
    }
    for at in (0..series).map(|series| series * shape.width + shape.width - 1) {
        let slot = first.plus(at);
        if let Some(sum) = scratch.get_mut(at) {
            *sum = if shape.last == Word::Float { sum_f64(slot).to_bits() } else { get_shared(slot) };
        }
    }
}

/// A set that a metric and a registry share.
pub(crate) type SharedSet = Arc<SeriesSet>;
