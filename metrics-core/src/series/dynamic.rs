//! Storage for label sets that are named at run time, with a series for each set of values that was looked up.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    cleared_slots,
    series_list::{SeriesList, SeriesSnapshot},
};
use crate::{
    cell::{Cells, SeriesShape, Slots},
    name::InvalidDefinition,
};

/// Series of a dynamic family, by the positions of their label values.
#[derive(Debug)]
pub(super) struct Dynamic {
    shape: SeriesShape,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    series: SeriesList,
    by_values: HashMap<Box<[usize]>, Cells>,
}

impl Dynamic {
    pub(super) fn new(shape: SeriesShape) -> Self {
        let inner = Inner { series: SeriesList::new(shape), by_values: HashMap::new() };
        Self { shape, inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current series.
    pub(super) fn series(&self) -> SeriesSnapshot {
        self.lock().series.snapshot()
    }

    /// Returns the cells of the series with these values, or creates it with the labels that `write` writes.
    pub(super) fn cells(&self, value_ids: &[usize], write: impl FnOnce(&mut String)) -> Cells {
        let mut inner = self.lock();
        if let Some(cells) = inner.by_values.get(value_ids) {
            return *cells;
        }
        let Some(slots) = cleared_slots::allocate(1, self.shape) else { return Slots::sink().cells() };
        let cells = inner.series.push(slots, 0, write);
        inner.by_values.insert(value_ids.into(), cells);
        cells
    }
}

/// Checks the dynamic labels of a definition.
pub(crate) fn check_dynamic_labels(
    name: &str,
    labels: &[(&'static str, usize)],
) -> Result<(), InvalidDefinition> {
    match labels.iter().find(|(_, limit)| *limit > MOST_VALUES) {
        Some((label, _)) => Err(InvalidDefinition::new(*label, "a label takes at most 1,000,000 values")),
        None if labels.is_empty() => {
            Err(InvalidDefinition::new(name, "a dynamic family has a `dynamic_label`"))
        }
        None => Ok(()),
    }
}

/// Largest limit of a dynamic label.
const MOST_VALUES: usize = 1_000_000;

/// Returns a name that lives as long as the program. Equal names are kept once, so their number is bounded by that of definitions.
pub(crate) fn keep_name(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = names.get(name) {
        return kept;
    }
    let kept: &'static str = Box::leak(Box::from(name));
    names.insert(kept);
    kept
}
