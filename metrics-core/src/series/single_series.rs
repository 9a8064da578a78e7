//! Series of sets with one series each, side by side.
//!
//! A page of many definitions reads them here: their sets are large, and scattered in memory.

use std::ops::{ControlFlow, Range};

use super::{
    batch::{BATCH, Origins, SeriesBatch, SingleSeries},
    label_texts::LabelTexts,
    reader::SeriesReader,
    set::{SeriesSet, Storage},
};
use crate::cell::{SeriesShape, fold_ended};

/// Series of sets with one series each. The sets are kept elsewhere, so that the slots are not reused.
#[derive(Debug, Default)]
pub(crate) struct SingleSeriesList {
    labels: LabelTexts,
    series: Vec<SingleSeries>,
}

impl SingleSeriesList {
    /// Appends the series of a set; returns whether that was done. A set whose series a page may have to leave out, or whose values are
    /// not in its cells alone, is read by itself.
    pub(crate) fn push(&mut self, set: &SeriesSet) -> bool {
        let Storage::Dense(dense) = &set.storage else { return false };
        let is_read_by_itself = set.leaves_out_zeros()
            || !set.hidden.is_empty()
            || set.windows.is_some()
            || set.callbacks.is_used();
        let Some((series, labels)) = dense.single().filter(|_| !is_read_by_itself) else { return false };
        self.series.push(series);
        self.labels.push(|out| out.push_str(labels.text()));
        true
    }

    /// Returns the number of series.
    pub(crate) const fn len(&self) -> usize {
        self.series.len()
    }

    /// Frees the memory that was reserved in advance.
    pub(crate) fn shrink(&mut self) {
        self.series.shrink_to_fit();
        self.labels.shrink();
    }

    /// Calls `each` with series of one shape in batches until it breaks.
    #[inline]
    pub(crate) fn read_batches(
        &self,
        range: Range<usize>,
        shape: SeriesShape,
        reader: &mut SeriesReader,
        mut each: impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        fold_ended();
        let width = shape.width;
        let mut first = range.start;
        let mut rest = self.series.get(range).unwrap_or_default();
        while !rest.is_empty() {
            // Most families are one series, and a division takes longer than the rest of it.
            let most = if rest.len() == 1 { 1 } else { rest.len().min((BATCH / width).max(1)) };
            let (series, further) = rest.split_at(most);
            let SeriesReader { sums, cells } = &mut *reader;
            sums.clear();
            sums.resize(most * width, 0);
            for (series, sums) in series.iter().zip(sums.chunks_exact_mut(width)) {
                cells.sum_series(series.first, shape, sums);
            }
            let origins = Origins::Single { series };
            each(SeriesBatch { labels: &self.labels, first, origins, sums, width, left_out: &[] })?;
            (first, rest) = (first + most, further);
        }
        ControlFlow::Continue(())
    }
}
