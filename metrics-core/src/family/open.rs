//! Families whose labels are named at run time: a series is made when it is asked for, and its handle is kept.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    marker::PhantomData,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{SeriesSet, SharedSet, labels::write_block_of, origin::Origin};
use crate::{
    cell::{Cells, Shape, Slots},
    clock::unix_millis,
    label::Text,
    metric::{Metric, sealed::Part},
    name::Rejection,
};

/// A metric for each set of label values, where the names of the labels are known at run time alone: for a library whose users
/// name them. Its definition has them, by [`Definition::open_label`](crate::Definition::open_label).
///
/// [`with`](Self::with) takes a lock and looks the values up, so its result is to be kept: it counts like a metric by itself.
/// Where labels are known while compiling, a [`Family`](super::Family) is better in every way.
///
/// ```
/// use metrics_core::{Counter, Definition, OpenFamily, Registry};
///
/// let registry = Registry::new();
/// let name = String::from("queue"); // from a configuration
/// let definition = Definition::new("jobs_total", "Jobs that ended.").open_label(&name, 100);
/// let jobs: OpenFamily<Counter> = registry.register(&definition)?;
/// let mail = jobs.with(&["mail"]);
/// mail.inc();
/// assert!(registry.text().contains("jobs_total{queue=\"mail\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub struct OpenFamily<M> {
    set: SharedSet,
    types: PhantomData<fn() -> M>,
}

impl<M: Metric + Part> OpenFamily<M> {
    pub(crate) const fn from_set(set: SharedSet) -> Self {
        Self { set, types: PhantomData }
    }

    /// The metric of these label values, in the order of the definition; one that is missing or empty is an absent label, and
    /// one past its label's limit is `_OTHER`.
    pub fn with(&self, values: &[&str]) -> M {
        M::of_series(SharedSet::clone(&self.set), self.set.open_cells(values))
    }

    /// Counts in `metrics_overflow_total` that a value of the label at a place was past its limit, where the caller has found
    /// that out by itself.
    pub fn note_overflow(&self, label: usize) {
        self.set.interners().note_overflow(label);
    }

    /// Whether the other is the same family, or a clone of it.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.set, &other.set)
    }
}

impl<M> Clone for OpenFamily<M> {
    fn clone(&self) -> Self {
        Self { set: SharedSet::clone(&self.set), types: PhantomData }
    }
}

impl<M> fmt::Debug for OpenFamily<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenFamily").field("name", &self.set.descriptor().name).finish_non_exhaustive()
    }
}

/// The series of an open family, by the place of each of their label values.
#[derive(Debug)]
pub(super) struct Open {
    shape: Shape,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// In the order in which they came. A reader takes the list as it is; a writer copies it only while a reader has it.
    series: Arc<Vec<Arc<OpenSeries>>>,
    by_places: HashMap<Box<[usize]>, Cells>,
}

/// One series.
#[derive(Debug)]
pub(super) struct OpenSeries {
    pub(super) labels: Box<str>,
    slots: Slots,
    since: u64,
}

impl OpenSeries {
    pub(super) const fn cells(&self) -> Cells {
        self.slots.cells()
    }

    pub(super) const fn origin(&self) -> Origin {
        Origin { cells: self.cells(), since: self.since, position: 0 }
    }
}

impl Open {
    pub(super) fn new(shape: Shape) -> Self {
        Self { shape, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The series as they are now.
    pub(super) fn series(&self) -> Arc<Vec<Arc<OpenSeries>>> {
        Arc::clone(&self.lock().series)
    }

    /// The cells of the series at these places, which is made where it is missing.
    pub(super) fn cells(&self, places: &[usize], labels: impl FnOnce() -> String) -> Cells {
        let mut inner = self.lock();
        if let Some(cells) = inner.by_places.get(places) {
            return *cells;
        }
        let Some(slots) = Slots::allocate(1, self.shape) else { return Slots::sink().cells() };
        let cells = slots.cells();
        let series = OpenSeries { labels: labels().into(), slots, since: unix_millis() };
        Arc::make_mut(&mut inner.series).push(Arc::new(series));
        inner.by_places.insert(places.into(), cells);
        cells
    }
}

/// Checks that a definition's open labels make an open family.
pub(crate) fn check(name: &str, labels: &[(&'static str, usize)]) -> Result<(), Rejection> {
    match labels.iter().find(|(_, limit)| *limit > MOST_VALUES) {
        Some((label, _)) => Err(Rejection::new(*label, "a label takes at most 1,000,000 values")),
        None if labels.is_empty() => Err(Rejection::new(name, "an open family has an `open_label`")),
        None => Ok(()),
    }
}

/// The most values of an open label.
const MOST_VALUES: usize = 1_000_000;

/// A name for the rest of the program. There are as many as definitions have: the same name is kept once.
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

impl SeriesSet {
    /// The cells of the series with these label values, for a set of an open family; elsewhere of none.
    fn open_cells(&self, values: &[&str]) -> Cells {
        let Some(open) = self.open() else { return self.cells(|_| 0) };
        let places = self.open_places(values);
        open.cells(&places, || self.open_labels(&places))
    }
    /// The places of label values in their dimensions, in which they stay for good.
    fn open_places(&self, values: &[&str]) -> Vec<usize> {
        let value = |at: usize| Text::new(values.get(at).copied().unwrap_or_default());
        (0..self.dimensions().len()).map(|at| self.interners().intern(at, &value(at))).collect()
    }

    /// The text of the labels at these places.
    fn open_labels(&self, places: &[usize]) -> String {
        let mut labels = String::new();
        write_block_of(&mut labels, &self.descriptor().labels, self.interners(), places);
        labels
    }
}
