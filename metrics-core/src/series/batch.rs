//! Batches of neighbouring series with their sums, which a scrape reads together.

use std::collections::BTreeMap;

use super::label_texts::{LabelTexts, SeriesLabels};
use crate::cell::{Cells, Slot};

/// Largest number of sums of a batch, which fit in the first-level cache.
pub(super) const BATCH: usize = 2048;

/// Neighbouring series, and their sums at the time of a scrape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesBatch<'s> {
    pub(super) labels: &'s LabelTexts,
    /// Index of the first series among the labels.
    pub(super) first: usize,
    pub(super) origins: Origins<'s>,
    /// Sums of all series, with one for each slot of the layout.
    pub(super) sums: &'s [u64],
    /// Number of sums of a series.
    pub(super) width: usize,
    /// Set for each series that the page does not show; empty if it shows all.
    pub(super) left_out: &'s [bool],
}

/// Cells, ages and positions of the series of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origins<'s> {
    /// Series of a dense set, which have neighbouring slots. Their positions are their indices.
    Dense {
        first: Slot,
        since: u64,
        /// Removed positions, each with the time of its removal.
        removed: &'s BTreeMap<usize, u64>,
    },
    /// Series of sets with one series each.
    Single { series: &'s [SingleSeries] },
    /// Series of a list.
    Listed { since: u64, series: &'s [ListedSeries] },
}

/// A series of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListedSeries {
    pub(super) cells: Cells,
    /// Milliseconds from the creation of its chunk to its own.
    pub(super) age: u32,
    pub(super) position: u32,
}

/// The one series of a set.
#[derive(Clone, Copy, Debug)]
pub(super) struct SingleSeries {
    pub(super) first: Slot,
    /// Creation time, in milliseconds since 1970.
    pub(super) since: u64,
}

/// A series among its neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesRef<'s> {
    pub(crate) labels: SeriesLabels<'s>,
    batch: &'s SeriesBatch<'s>,
    at: usize,
}

impl SeriesRef<'_> {
    /// Returns the cells, by which its exemplars and native buckets are found.
    #[inline]
    pub(crate) fn cells(self) -> Cells {
        self.batch.cells(self.at)
    }

    /// Returns the time at which the series was zero, in milliseconds since 1970.
    #[inline]
    pub(crate) fn since(self) -> u64 {
        self.batch.since(self.at)
    }
}

impl<'s> SeriesBatch<'s> {
    /// Returns the series that the page shows, each with its sums.
    #[inline]
    pub(crate) fn iter(&'s self) -> impl Iterator<Item = (SeriesRef<'s>, &'s [u64])> {
        let series = self.sums.chunks_exact(self.width).zip(self.labels.iter_from(self.first)).enumerate();
        series
            .filter(|(at, _)| self.left_out.get(*at).is_none_or(|left_out| !left_out))
            .map(|(at, (sums, labels))| (SeriesRef { labels, batch: self, at }, sums))
    }

    /// Returns the position, the cells and the sums of each series.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, Cells, &[u64])> {
        let sums = self.sums.chunks_exact(self.width).enumerate();
        sums.map(|(at, sums)| (self.position(at), self.cells(at), sums))
    }

    fn position(&self, at: usize) -> usize {
        match self.origins {
            Origins::Dense { .. } => self.first + at,
            Origins::Single { .. } => 0,
            Origins::Listed { series, .. } => {
                series.get(at).map_or(usize::MAX, |series| series.position as usize)
            }
        }
    }

    /// Returns the cells of a series.
    pub(super) fn cells(&self, at: usize) -> Cells {
        match self.origins {
            Origins::Dense { first, .. } => Cells::unguarded(first.plus(at * self.width)),
            Origins::Single { series } => {
                Cells::unguarded(series.get(at).map_or(Slot::SINK, |series| series.first))
            }
            Origins::Listed { series, .. } => {
                series.get(at).map_or(Cells::unguarded(Slot::SINK), |series| series.cells)
            }
        }
    }

    /// Returns the time of a series' creation.
    pub(super) fn since(&self, at: usize) -> u64 {
        match self.origins {
            Origins::Dense { since, removed, .. } => {
                removed.get(&(self.first + at)).copied().unwrap_or(since)
            }
            Origins::Single { series } => series.get(at).map_or(0, |series| series.since),
            Origins::Listed { since, series } => {
                since + series.get(at).map_or(0, |series| u64::from(series.age))
            }
        }
    }

    /// Returns whether a position was removed, so that it is hidden while it is zero.
    pub(super) fn is_removed(&self, position: usize) -> bool {
        match self.origins {
            Origins::Dense { removed, .. } => removed.contains_key(&position),
            Origins::Single { .. } | Origins::Listed { .. } => false,
        }
    }

    /// Returns whether any position was removed.
    pub(super) fn any_removed(&self) -> bool {
        match self.origins {
            Origins::Dense { removed, .. } => !removed.is_empty(),
            Origins::Single { .. } | Origins::Listed { .. } => false,
        }
    }
}
