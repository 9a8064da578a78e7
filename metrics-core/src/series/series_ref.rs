//! Where a series counts, and since when.

use crate::cell::Cells;

/// Where a series counts, by which its exemplars and native buckets are found, and since when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesRef {
    pub(crate) cells: Cells,
    /// When it was at zero, in milliseconds since 1970.
    pub(crate) since: u64,
    /// Its place among the series, by which its encoded labels are found.
    pub(crate) position: usize,
}
