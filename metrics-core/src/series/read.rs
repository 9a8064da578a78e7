//! Reading of the series of a set for a scrape.

use std::{collections::HashSet, ops::ControlFlow};

use super::{
    batch::{SeriesBatch, SeriesRef},
    idle::IdleSeries,
    reader::SeriesReader,
    set::{SeriesSet, Storage},
    sparse::Sparse,
};
use crate::cell::{Cells, fold_ended, is_shown};

impl SeriesSet {
    /// Calls `each` with the series and their sums, one for each slot of the layout.
    pub(crate) fn read(&self, mut each: impl FnMut(SeriesRef<'_>, &[u64])) {
        let _all_of_them = self.read_batches(&mut SeriesReader::default(), |batch| {
            batch.iter().for_each(|(series, sums)| each(series, sums));
            ControlFlow::Continue(())
        });
    }

    /// Calls `each` with the series in batches until it breaks.
    pub(crate) fn read_batches(
        &self,
        reader: &mut SeriesReader,
        mut each: impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(windows) = &self.windows else { return self.read_shown(reader, &mut each) };
        let mut seen = HashSet::new();
        let end = self.read_shown(reader, &mut |batch: SeriesBatch<'_>| {
            seen.extend(batch.iter().map(|(series, _)| series.cells().to_bits()));
            each(batch)
        });
        // A series that was not read may still exist.
        if end.is_continue() {
            windows.keep(&seen);
        }
        end
    }

    /// Returns the quantiles of a series, for a summary with quantiles.
    pub(crate) fn quantiles(&self, cells: Cells) -> Option<Vec<(f64, f64)>> {
        self.windows.as_ref().map(|windows| windows.read(cells))
    }

    /// Reads the series, and marks those that the page does not show.
    fn read_shown(
        &self,
        reader: &mut SeriesReader,
        each: &mut impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        fold_ended();
        let failed = self.callbacks.failed();
        match &self.storage {
            Storage::Dense(dense) => dense.read(reader, |batch| self.show(batch, &failed, None, each)),
            Storage::Sparse(sparse) => self.read_sparse(sparse, &failed, reader, each),
            Storage::Dynamic(dynamic) => {
                let shape = self.layout.shape();
                dynamic.series().read(shape, reader, |batch| self.show(batch, &failed, None, each))
            }
            Storage::Detached(_) => ControlFlow::Continue(()),
        }
    }

    /// Reads the series of a sparse set, and removes those past their time to live.
    fn read_sparse(
        &self,
        sparse: &Sparse,
        failed: &[Cells],
        reader: &mut SeriesReader,
        each: &mut impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (shape, mut idle) = (self.layout.shape(), HashSet::new());
        // A test that reads its own counts does not see the counts of others.
        let rule = sparse.idle().filter(|_| !is_shown());
        let end = sparse.series().read(shape, reader, |batch| {
            let idle = rule.map(|rule| (rule, &mut idle));
            self.show(batch, failed, idle, each)
        });
        if let Some(rule) = rule.filter(|_| !idle.is_empty()) {
            let SeriesReader { sums, cells: now } = reader;
            sums.clear();
            sums.resize(shape.width, 0);
            self.remove_where(sparse, |cells| {
                if !idle.contains(&cells.to_bits()) {
                    return false;
                }
                // A count in the meantime keeps the series.
                now.sum_cells(cells, shape, sums);
                rule.is_idle(cells, sums)
            });
        }
        end
    }

    /// Calls `each` with a batch in which hidden series are marked, and adds idle series to a set.
    fn show(
        &self,
        batch: SeriesBatch<'_>,
        failed: &[Cells],
        mut idle: Option<(&IdleSeries, &mut HashSet<u64>)>,
        each: &mut impl FnMut(SeriesBatch<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let may_hide = self.leaves_out_zeros() || !self.hidden.is_empty() || batch.any_removed();
        if !may_hide && failed.is_empty() && idle.is_none() {
            return each(batch);
        }
        let is_left_out = |(position, cells, sums): (usize, Cells, &[u64])| {
            if let Some((_, idle)) = idle.as_mut().filter(|(rule, _)| rule.is_idle(cells, sums)) {
                idle.insert(cells.to_bits());
                return true;
            }
            let is_hidden = may_hide && (self.leaves_out(position) || batch.is_removed(position));
            (is_hidden && sums.iter().all(|sum| *sum == 0)) || failed.contains(&cells)
        };
        let left_out: Vec<_> = batch.all().map(is_left_out).collect();
        each(SeriesBatch { left_out: &left_out, ..batch })
    }
}
