//! Memory and cells that a scrape reads the series of all of its sets with.

use crate::cell::CellReader;

/// Reader of series. A scrape uses it for one set after the other, so that reading a set neither allocates nor takes a lock.
#[derive(Debug, Default)]
pub(crate) struct SeriesReader {
    /// Sums of the series of one batch.
    pub(super) sums: Vec<u64>,
    pub(super) cells: CellReader,
}

impl SeriesReader {
    /// Returns the sums of the latest batch.
    #[cfg(test)]
    pub(crate) fn sums(&self) -> &[u64] {
        &self.sums
    }
}
