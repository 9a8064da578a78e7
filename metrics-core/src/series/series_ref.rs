//! The cells of a series, and its age.

use crate::cell::Cells;

/// The cells of a series, by which its exemplars and native buckets are found, and its age.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesRef {
    pub(crate) cells: Cells,
    /// Time at which it was at zero, in milliseconds since 1970.
    pub(crate) since: u64,
    /// Its index among the series, by which its encoded labels are found.
    pub(crate) position: usize,
}
