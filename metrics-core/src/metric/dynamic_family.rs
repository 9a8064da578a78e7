//! Families whose labels are named at run time: a series is made when it is asked for, and its handle is kept.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::storage::{Metric, Part};
use crate::series::SharedSet;

/// A metric for each set of label values, where the names of the labels are known at run time alone: for a library whose users
/// name them. Its definition has them, by [`Definition::dynamic_label`](crate::Definition::dynamic_label).
///
/// [`with`](Self::with) takes a lock and looks the values up, so its result is to be kept: it counts like a metric by itself.
/// Where labels are known while compiling, a [`Family`](super::Family) is better in every way.
///
/// ```
/// use metrics_core::{Counter, Definition, DynamicFamily, Registry};
///
/// let registry = Registry::new();
/// let name = String::from("queue"); // from a configuration
/// let definition = Definition::new("jobs_total", "Jobs that ended.").dynamic_label(&name, 100);
/// let jobs: DynamicFamily<Counter> = registry.register(&definition)?;
/// let mail = jobs.with(&["mail"]);
/// mail.inc();
/// assert!(registry.text().contains("jobs_total{queue=\"mail\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub struct DynamicFamily<M> {
    set: SharedSet,
    types: PhantomData<fn() -> M>,
}

impl<M: Metric + Part> DynamicFamily<M> {
    pub(crate) const fn from_set(set: SharedSet) -> Self {
        Self { set, types: PhantomData }
    }

    /// The metric of these label values, in the order of the definition; one that is missing or empty is an absent label, and
    /// one past its label's limit is `_OTHER`.
    pub fn with(&self, values: &[&str]) -> M {
        M::of_series(SharedSet::clone(&self.set), self.set.dynamic_cells(values))
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

impl<M> Clone for DynamicFamily<M> {
    fn clone(&self) -> Self {
        Self { set: SharedSet::clone(&self.set), types: PhantomData }
    }
}

impl<M> fmt::Debug for DynamicFamily<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicFamily").field("name", &self.set.descriptor().name).finish_non_exhaustive()
    }
}
