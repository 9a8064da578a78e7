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

    /// Removes all series and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.labels.clear();
        self.series.clear();
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
        let SeriesReader { sums, cells } = reader;
        let width = shape.width;
        let labels = &self.labels;
        let mut first = range.start;
        let mut rest = self.series.get(range).unwrap_or_default();
        if let ([single], 1) = (rest, width) {
            // Most families of a page with many are one number, for which a loop takes longer than the rest.
            let mut sums = [0];
            cells.sum_series(single.first, shape, &mut sums);
            let origins = Origins::Single { series: rest };
            return each(SeriesBatch { labels, first, origins, sums: &sums, width: 1, left_out: &[] });
        }
        // A division takes longer than the rest of a small batch.
        let most = if rest.len() == 1 { 1 } else { (BATCH / width).max(1) };
        while !rest.is_empty() {
            let (series, further) = rest.split_at(most.min(rest.len()));
            sums.clear();
            sums.resize(series.len() * width, 0);
            for (series, sums) in series.iter().zip(sums.chunks_exact_mut(width)) {
                cells.sum_series(series.first, shape, sums);
            }
            let origins = Origins::Single { series };
            each(SeriesBatch { labels, first, origins, sums, width, left_out: &[] })?;
            (first, rest) = (first + series.len(), further);
        }
        ControlFlow::Continue(())
    }
}

#[cfg(all(test, not(metrics_core_loom)))]
mod tests {
    use super::*;
    use crate::{
        Bounded, Definition, Dimension,
        model::Layout,
        series::{Hidden, HiddenRule, SeriesLabels, SetOptions},
    };

    const ONE: [Dimension; 1] = [Dimension::of::<Bounded<3, 3>>("shard")];

    fn set(
        definition: &Definition,
        layout: Layout,
        dimensions: &[Dimension],
        hidden: &[HiddenRule],
    ) -> SeriesSet {
        let options = SetOptions { hidden: Hidden::new(dimensions, hidden), ..SetOptions::default() };
        let descriptor = definition.descriptor(layout.metric_type(), dimensions);
        SeriesSet::new(descriptor, layout, options).unwrap()
    }

    #[test]
    fn sets_that_a_page_must_look_at_are_not_listed() {
        let (jobs, mut list) = (Definition::new("jobs", "Jobs."), SingleSeriesList::default());
        let counter = |dimensions: &[Dimension]| set(&jobs, Layout::Counter, dimensions, &[]);
        assert!(list.push(&counter(&[])) && list.push(&counter(&ONE)));
        assert_eq!(list.labels.iter_from(0).map(SeriesLabels::text).collect::<Vec<_>>(), ["", "shard=\"3\""]);

        let two = [Dimension::of::<bool>("is_idle")];
        assert!(!list.push(&counter(&two)));
        assert!(!list.push(&set(&jobs, Layout::Counter, &ONE, &[HiddenRule::Is((0, 0))])));
        assert!(!list.push(&set(&jobs, Layout::Info, &[], &[])));
        let summary = jobs.clone().quantiles(&[0.5]);
        let layout = Layout::Summary(Layout::Info.buckets());
        assert!(!list.push(&set(&summary, layout, &[], &[])));
        let read = counter(&[]);
        read.callbacks.set(read.cells(|_| 0), |_| {});
        assert!(!list.push(&read));
        let removed = counter(&ONE);
        assert!(removed.remove(|_| 0));
        assert!(!list.push(&removed));
        assert_eq!(list.len(), 2);
    }
}
