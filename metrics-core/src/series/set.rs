//! Series of one definition: their cells, and the text of their labels.

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use super::{
    callback::Callbacks,
    cleared_slots,
    dense::Dense,
    dynamic::Dynamic,
    hidden::Hidden,
    idle::IdleSeries,
    label_texts::{LabelTexts, write_block_of},
    sparse::Sparse,
    windows::Windows,
};
use crate::{
    cell::{Cells, MOST_WIDE, Slot, Slots, next_version},
    label::{Dimension, Interners, any_capped, product, value_ids},
    model::{Descriptor, Layout},
    name::InvalidDefinition,
    sync::{AtomicU64, yield_now},
};

/// Largest number of positions of a definition.
pub(crate) const MOST_POSITIONS: usize = 1 << 22;

// A position past the sink is not a slot either.
const _: () = assert!(Slot::SINK.number() as usize + (MOST_POSITIONS + 1) * MOST_WIDE < 1 << 32);

/// Series of one definition.
///
/// A position in the space of the variable labels identifies a series. Without capped labels all positions have slots from the
/// start; with a capped label a series is created by its first observation.
#[derive(Debug)]
pub struct SeriesSet {
    descriptor: Descriptor,
    pub(super) layout: Layout,
    dimensions: Vec<Dimension>,
    pub(super) interners: Interners,
    /// Changes when a series is removed, see [`next_version`].
    pub(super) version: AtomicU64,
    /// Number of positions.
    positions: usize,
    pub(super) storage: Storage,
    pub(super) hidden: Hidden,
    pub(super) callbacks: Callbacks,
    /// Windows of a summary with quantiles.
    pub(super) windows: Option<Windows>,
    /// Number of metrics with this set, see [`SharedSet`](super::SharedSet).
    metrics: AtomicUsize,
}

#[derive(Debug)]
pub(super) enum Storage {
    Dense(Dense),
    Sparse(Sparse),
    /// For labels that are named at run time.
    Dynamic(Dynamic),
    /// For a definition that could not be registered: no page reads it.
    Detached(Slots),
}

/// A looked-up position, which is valid as long as the interners have this version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LookupToken {
    version: u64,
    position: usize,
}

impl LookupToken {
    /// Token with a version that interners never have.
    const NOTHING: Self = Self { version: 1, position: 0 };
}

/// Further options of a set of series.
#[derive(Debug, Default)]
pub(crate) struct SetOptions {
    /// Interners of the capped labels, if the set does not have its own.
    pub(crate) interners: Option<Interners>,
    pub(crate) hidden: Hidden,
    /// Time without a change after which a series with a capped label is removed.
    pub(crate) ttl: Option<Duration>,
}

impl SeriesSet {
    /// Creates the series of a definition at zero.
    pub(crate) fn new(
        descriptor: Descriptor,
        layout: Layout,
        options: SetOptions,
    ) -> Result<Self, InvalidDefinition> {
        let dimensions = descriptor.dimensions();
        let interners = options.interners.unwrap_or_else(|| interners_of(&dimensions));
        let positions = product(&dimensions);
        let is_dynamic = descriptor.bucket_group.is_some();
        if positions > MOST_POSITIONS && !is_dynamic {
            return Err(InvalidDefinition::new(
                descriptor.name,
                "its labels span more than 4,194,304 series",
            ));
        }
        let storage = if is_dynamic {
            Storage::Dynamic(Dynamic::new(layout.shape()))
        } else if any_capped(&dimensions) {
            let keeps_levels = matches!(layout, Layout::Gauge | Layout::FloatGauge);
            let idle = options.ttl.map(|ttl| IdleSeries::new(ttl, keeps_levels));
            Storage::Sparse(Sparse::new(positions, layout.shape(), idle))
        } else {
            let Some(slots) = cleared_slots::allocate(positions, layout.shape()) else {
                return Err(InvalidDefinition::new(descriptor.name, "there is no room for its series"));
            };
            let mut blocks = LabelTexts::default();
            for position in 0..positions {
                let value_ids = value_ids(&dimensions, position);
                blocks.push(|out| write_block_of(out, &descriptor.labels, &interners, &value_ids));
            }
            blocks.shrink();
            Storage::Dense(Dense::new(slots, layout.shape(), blocks))
        };
        let windows = descriptor.quantiles.as_ref().map(|quantiles| Windows::new(Arc::clone(quantiles)));
        Ok(Self {
            descriptor,
            layout,
            dimensions,
            interners,
            version: AtomicU64::new(next_version()),
            positions,
            storage,
            hidden: options.hidden,
            callbacks: Callbacks::default(),
            windows,
            metrics: AtomicUsize::new(0),
        })
    }

    /// Creates the series of a definition that could not be registered. It can be counted in, and no page reads it.
    pub(crate) fn detached(descriptor: Descriptor, layout: Layout) -> Self {
        let dimensions = descriptor.dimensions();
        let interners = interners_of(&dimensions);
        let storage = Storage::Detached(Slots::sink());
        let (version, positions) = (AtomicU64::new(next_version()), product(&dimensions));
        let (hidden, callbacks) = (Hidden::default(), Callbacks::default());
        Self {
            descriptor,
            layout,
            dimensions,
            interners,
            version,
            positions,
            storage,
            hidden,
            callbacks,
            windows: None,
            metrics: AtomicUsize::new(0),
        }
    }

    pub(super) const fn metrics(&self) -> &AtomicUsize {
        &self.metrics
    }

    /// Returns the callbacks, which are called when a page is made.
    pub(crate) const fn callbacks(&self) -> &Callbacks {
        &self.callbacks
    }

    /// Returns the windows of a summary with quantiles.
    pub(crate) const fn windows(&self) -> Option<&Windows> {
        self.windows.as_ref()
    }

    /// Returns whether a series at zero does not exist, which holds for info metrics.
    pub(super) const fn leaves_out_zeros(&self) -> bool {
        matches!(self.layout, Layout::Info)
    }

    /// Returns whether a series is hidden while it is zero.
    pub(super) fn leaves_out(&self, position: usize) -> bool {
        self.leaves_out_zeros() || self.hidden.contains(position)
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

    /// Returns the first slot and the number of slots per series of a dense set.
    pub(crate) fn dense(&self) -> Option<(Slot, usize)> {
        match &self.storage {
            Storage::Dense(dense) => Some((dense.first(), self.layout.shape().width)),
            Storage::Sparse(_) | Storage::Dynamic(_) => None,
            Storage::Detached(slots) => Some((slots.first(), 0)),
        }
    }

    /// Looks up the series at the position that `index` returns, for a set with a capped label. Returns its cells, or the token for
    /// [`get_or_create`](Self::get_or_create) if it does not exist or strings are being removed.
    #[inline]
    pub(crate) fn lookup(&self, index: impl FnOnce(&Interners) -> usize) -> Result<Cells, LookupToken> {
        let Storage::Sparse(sparse) = &self.storage else { return Err(LookupToken::NOTHING) };
        // Strings may be removed between their look-up and that of the series.
        let version = self.interners.version();
        let position = index(&self.interners);
        match sparse.get(position) {
            Some(cells) if self.interners.holds(version) => Ok(cells),
            None if position >= self.positions => Ok(Slots::sink().cells()),
            _ => Err(LookupToken { version, position }),
        }
    }

    /// Returns the cells of the series at the position that `index` returns, or creates it, after a [`lookup`](Self::lookup).
    pub(crate) fn get_or_create(&self, first: LookupToken, index: impl Fn(&Interners) -> usize) -> Cells {
        match &self.storage {
            Storage::Sparse(sparse) => {
                let mut looked_up = first;
                loop {
                    let LookupToken { version, position } = looked_up;
                    let value_ids = || self.value_ids(position);
                    let write = |out: &mut String| {
                        let value_ids = self.value_ids(position);
                        write_block_of(out, &self.descriptor.labels, &self.interners, &value_ids);
                    };
                    if let Some(cells) = sparse.make(&self.interners, version, position, value_ids, write) {
                        return cells;
                    }
                    let version = self.interners.version();
                    looked_up = LookupToken { version, position: index(&self.interners) };
                }
            }
            Storage::Dense(dense) => dense.cells(index(&self.interners)),
            Storage::Detached(slots) => slots.cells(),
            // Series of a dynamic family have no positions.
            Storage::Dynamic(_) => Slots::sink().cells(),
        }
    }

    /// Returns the cells of the series at the position that `index` returns, or creates it.
    pub(crate) fn cells(&self, index: impl Fn(&Interners) -> usize) -> Cells {
        self.lookup(&index).unwrap_or_else(|looked_up| self.get_or_create(looked_up, index))
    }

    /// Returns the series of a dynamic family.
    pub(super) const fn dynamic(&self) -> Option<&Dynamic> {
        match &self.storage {
            Storage::Dynamic(dynamic) => Some(dynamic),
            _ => None,
        }
    }

    /// Splits a position into those of the variable labels' values.
    fn value_ids(&self, position: usize) -> Vec<usize> {
        value_ids(&self.dimensions, position)
    }

    /// Removes the series at the position that `index` returns; returns whether it existed.
    ///
    /// A removed series of a dense set is reset to zero, and hidden until it counts again.
    pub(crate) fn remove(&self, index: impl Fn(&Interners) -> usize) -> bool {
        match &self.storage {
            Storage::Sparse(sparse) => self.remove_sparse(sparse, index),
            Storage::Dense(dense) => {
                let position = index(&self.interners);
                let cells = dense.cells(position);
                self.callbacks.remove(|other| other == cells);
                dense.remove(position)
            }
            Storage::Dynamic(_) | Storage::Detached(_) => false,
        }
    }

    fn remove_sparse(&self, sparse: &Sparse, index: impl Fn(&Interners) -> usize) -> bool {
        loop {
            let version = self.interners.version();
            // A string without a position has no series; the series of `_OTHER` is not its own.
            let searching = self.interners.searching();
            let position = index(&searching);
            let cells = if searching.has_missed() { None } else { sparse.get(position) };
            if self.interners.holds(version) {
                let Some(cells) = cells else { return false };
                return self.remove_where(sparse, |other| other == cells) > 0;
            }
            yield_now();
        }
    }

    /// Removes the series for which `is_removed` returns true, with their callbacks; returns their number.
    pub(super) fn remove_where(&self, sparse: &Sparse, is_removed: impl FnMut(Cells) -> bool) -> usize {
        let value_ids = |position| self.value_ids(position);
        let removed = sparse.remove(&self.interners, &self.version, value_ids, is_removed);
        if removed > 0 {
            self.callbacks.remove(|cells| !cells.is_current());
        }
        removed
    }

    /// Returns the number of series, including hidden ones.
    pub(crate) fn len(&self) -> usize {
        match &self.storage {
            Storage::Dense(dense) => dense.len(),
            Storage::Sparse(sparse) => sparse.series().len(),
            Storage::Dynamic(dynamic) => dynamic.series().len(),
            Storage::Detached(_) => 0,
        }
    }
}

fn interners_of(dimensions: &[Dimension]) -> Interners {
    Interners::new(dimensions.iter().map(Dimension::interned_values))
}
