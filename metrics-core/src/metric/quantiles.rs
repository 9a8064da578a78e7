//! What a summary with quantiles observes besides its count and sum.

#[cfg(not(feature = "enabled"))]
use std::marker::PhantomData;

use super::storage::{Cells, SeriesSet};

/// Where the values of a series go whose quantiles are wanted.
#[cfg(feature = "enabled")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'a> {
    cells: Cells,
    /// None where the metric is detached.
    set: Option<&'a SeriesSet>,
}

/// Nothing, as the feature `enabled` is off.
#[cfg(not(feature = "enabled"))]
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'a>(PhantomData<&'a ()>);

#[cfg(feature = "enabled")]
impl<'a> Values<'a> {
    pub(super) const fn of(cells: Cells, set: Option<&'a SeriesSet>) -> Self {
        Self { cells, set }
    }

    #[inline]
    pub(super) fn observe(self, value: f64) {
        if let Some(windows) = self.set.and_then(SeriesSet::windows) {
            windows.observe(self.cells, value);
        }
    }

    pub(super) fn quantiles(self) -> Vec<(f64, f64)> {
        self.set.and_then(SeriesSet::windows).map(|windows| windows.read(self.cells)).unwrap_or_default()
    }
}

#[cfg(not(feature = "enabled"))]
#[allow(clippy::unused_self)] // as the other one is called
impl<'a> Values<'a> {
    pub(super) const fn of(_: Cells, _: Option<&'a SeriesSet>) -> Self {
        Self::none()
    }

    pub(super) const fn none() -> Self {
        Self(PhantomData)
    }

    pub(super) fn observe(self, _: f64) {}

    pub(super) fn quantiles(self) -> Vec<(f64, f64)> {
        Vec::new()
    }
}
