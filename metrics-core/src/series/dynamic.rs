//! Storage for label sets that are named at run time: a series is made when it is asked for.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{cleared_slots, series_ref::SeriesRef};
use crate::{
    cell::{Cells, SeriesShape, Slots},
    clock::unix_millis,
    name::InvalidDefinition,
};

/// The series of a dynamic family, by the position of each of their label values.
#[derive(Debug)]
pub(super) struct Dynamic {
    shape: SeriesShape,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// In the order in which they came. A reader takes the list as it is; a writer copies it only while a reader has it.
    series: Arc<Vec<Arc<DynamicSeries>>>,
    by_values: HashMap<Box<[usize]>, Cells>,
}

/// One series.
#[derive(Debug)]
pub(super) struct DynamicSeries {
    pub(super) labels: Box<str>,
    slots: Slots,
    since: u64,
}

impl DynamicSeries {
    pub(super) const fn cells(&self) -> Cells {
        self.slots.cells()
    }

    pub(super) const fn origin(&self) -> SeriesRef {
        SeriesRef { cells: self.cells(), since: self.since, position: 0 }
    }
}

impl Dynamic {
    pub(super) fn new(shape: SeriesShape) -> Self {
        Self { shape, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The series as they are now.
    pub(super) fn series(&self) -> Arc<Vec<Arc<DynamicSeries>>> {
        Arc::clone(&self.lock().series)
    }

    /// The cells of the series with these values, which is made where it is missing.
    pub(super) fn cells(&self, value_ids: &[usize], labels: impl FnOnce() -> String) -> Cells {
        let mut inner = self.lock();
        if let Some(cells) = inner.by_values.get(value_ids) {
            return *cells;
        }
        let Some(slots) = cleared_slots::allocate(1, self.shape) else { return Slots::sink().cells() };
        let cells = slots.cells();
        let series = DynamicSeries { labels: labels().into(), slots, since: unix_millis() };
        Arc::make_mut(&mut inner.series).push(Arc::new(series));
        inner.by_values.insert(value_ids.into(), cells);
        cells
    }
}

/// Checks that a definition's dynamic labels make a dynamic family.
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

/// Most values of a dynamic label.
const MOST_VALUES: usize = 1_000_000;

/// Keeps a name for the rest of the program. There are as many as definitions have: the same name is kept once.
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
