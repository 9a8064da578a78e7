//! Windows of series, for summaries with quantiles.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use crate::{
    cell::Cells,
    model::quantiles::{Quantiles, SlidingWindow},
};

/// Windows of a set of series. A window is created by the first observation of its series.
#[derive(Debug)]
pub(crate) struct Windows {
    quantiles: Arc<Quantiles>,
    of_series: RwLock<HashMap<u64, Arc<SlidingWindow>>>,
}

impl Windows {
    pub(super) fn new(quantiles: Arc<Quantiles>) -> Self {
        Self { quantiles, of_series: RwLock::default() }
    }

    fn get(&self, cells: Cells) -> Option<Arc<SlidingWindow>> {
        self.of_series.read().unwrap_or_else(PoisonError::into_inner).get(&cells.to_bits()).map(Arc::clone)
    }

    /// Adds a value to the window of a series.
    pub(crate) fn observe(&self, cells: Cells, value: f64) {
        let now = Instant::now();
        let window = self.get(cells).unwrap_or_else(|| {
            let mut windows = self.of_series.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(windows.entry(cells.to_bits()).or_insert_with(|| Arc::new(SlidingWindow::new(now))))
        });
        window.observe(&self.quantiles, value, now);
    }

    /// Returns the quantiles of a series, which are NaN without an observation.
    pub(crate) fn read(&self, cells: Cells) -> Vec<(f64, f64)> {
        let now = Instant::now();
        match self.get(cells) {
            Some(window) => window.read(&self.quantiles, now),
            None => SlidingWindow::new(now).read(&self.quantiles, now),
        }
    }

    /// Removes the windows of removed series.
    pub(super) fn keep(&self, series: &HashSet<u64>) {
        self.of_series
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|cells, _| series.contains(cells));
    }
}
