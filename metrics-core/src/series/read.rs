//! Reading the series of a set: the way from a scrape to the sums of cells.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use super::{
    encoded::Encoded,
    series_ref::SeriesRef,
    set::{SeriesSet, Storage},
    sparse::Sparse,
};
use crate::cell::{CellReader, Cells, fold_ended, is_shown};

impl SeriesSet {
    /// Calls `each` for the series with their sums, one for each slot of the layout.
    ///
    /// `scratch` is reused from call to call so that reading allocates nothing.
    pub(crate) fn read(&self, scratch: &mut Vec<u64>, mut each: impl FnMut(&str, &[u64])) {
        self.read_origins(scratch, |_, labels, sums| each(labels, sums));
    }

    /// The labels of all series as the protobuf has them, where the series are all there from the start. They are made for the
    /// first page of that format, and kept.
    pub(crate) fn encoded(&self, encode: impl FnMut(&str, &mut Vec<u8>)) -> Option<&Encoded> {
        match &self.storage {
            Storage::Dense(dense) => Some(dense.encoded(encode)),
            _ => None,
        }
    }

    /// Calls `each` for the series with their cells, labels and sums.
    #[inline]
    pub(crate) fn read_origins(&self, scratch: &mut Vec<u64>, mut each: impl FnMut(SeriesRef, &str, &[u64])) {
        let _all_of_them = self.read_origins_until(scratch, |origin, labels, sums| {
            each(origin, labels, sums);
            ControlFlow::Continue(())
        });
    }

    /// Calls `each` for the series until it breaks.
    #[inline]
    pub(crate) fn read_origins_until(
        &self,
        scratch: &mut Vec<u64>,
        mut each: impl FnMut(SeriesRef, &str, &[u64]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(windows) = &self.windows else { return self.read_all(scratch, each) };
        let mut seen = HashSet::new();
        let end = self.read_all(scratch, |origin, labels, sums| {
            seen.insert(origin.cells.to_bits());
            each(origin, labels, sums)
        });
        // A series that was not read may still be there.
        if end.is_continue() {
            windows.keep(&seen);
        }
        end
    }

    /// The quantiles of a series of a summary that has some.
    pub(crate) fn quantiles(&self, cells: Cells) -> Option<Vec<(f64, f64)>> {
        self.windows.as_ref().map(|windows| windows.read(cells))
    }

    #[inline]
    fn read_all(
        &self,
        scratch: &mut Vec<u64>,
        mut each: impl FnMut(SeriesRef, &str, &[u64]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        fold_ended();
        let all = !self.leaves_out_zeros() && self.hidden.is_empty();
        let failed = self.callbacks.failed();
        let mut show = |position: usize, origin: SeriesRef, labels: &str, sums: &[u64]| {
            let is_shown = all || !self.leaves_out(position) || sums.iter().any(|sum| *sum != 0);
            if is_shown && (failed.is_empty() || !failed.contains(&origin.cells)) {
                return each(origin, labels, sums);
            }
            ControlFlow::Continue(())
        };
        match &self.storage {
            Storage::Dense(dense) => dense.read(scratch, &mut show),
            Storage::Sparse(sparse) => self.read_sparse(sparse, scratch, &mut show),
            Storage::Dynamic(dynamic) => {
                let (cells, shape) = (CellReader::new(), self.layout.shape());
                scratch.clear();
                scratch.resize(shape.width, 0);
                dynamic.series().iter().try_for_each(|series| {
                    cells.sum_cells(series.cells(), shape, scratch);
                    each(series.origin(), &series.labels, scratch)
                })
            }
            Storage::Detached(_) => ControlFlow::Continue(()),
        }
    }

    /// Reads the series of a sparse set, and forgets those that have not changed for long.
    fn read_sparse(
        &self,
        sparse: &Sparse,
        scratch: &mut Vec<u64>,
        show: &mut impl FnMut(usize, SeriesRef, &str, &[u64]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (cells, shape) = (CellReader::new(), self.layout.shape());
        scratch.clear();
        scratch.resize(shape.width, 0);
        let mut idle = Vec::new();
        let end = sparse.series().iter().try_for_each(|series| {
            cells.sum_cells(series.cells(), shape, scratch);
            // A test that reads its own counts does not see whether others still count.
            if !is_shown() && series.is_idle(scratch) {
                idle.push(Arc::clone(series));
                return ControlFlow::Continue(());
            }
            show(series.position, series.origin(), &series.labels, scratch)
        });
        if !idle.is_empty() {
            self.remove_where(sparse, |series| {
                if !idle.iter().any(|idle| Arc::ptr_eq(idle, series)) {
                    return false;
                }
                // What was counted since then keeps the series.
                CellReader::new().sum_cells(series.cells(), shape, scratch);
                series.is_idle(scratch)
            });
        }
        end
    }
}
