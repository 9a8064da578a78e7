//! Series that this thread has looked up before.

use super::{cells::Cells, local, thread_series_cache::KeyWords};

/// Returns the cells that this thread has found for a key in this epoch.
#[inline]
pub(crate) fn get(key: &KeyWords, epoch: u64) -> Option<Cells> {
    local::recent()?.get(key, epoch).map(Cells::from_bits)
}

/// Remembers the cells that this thread has looked up since the set had this epoch.
pub(crate) fn insert(key: &KeyWords, epoch: u64, cells: Cells) {
    if let Some(recent) = local::recent().or_else(local::begin_recent) {
        recent.insert(key, epoch, cells.to_bits());
    }
}
