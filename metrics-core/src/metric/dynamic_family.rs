//! Families whose labels are named at run time.

use std::{fmt, marker::PhantomData};

use super::storage::{DynamicMetric, Metric};
use crate::series::SharedSet;

/// A metric for each set of label values, with labels that [`Definition::dynamic_label`](crate::Definition::dynamic_label) names
/// at run time.
///
/// It is for libraries whose users name the labels. [`with`](Self::with) takes a lock and looks the values up, so keep its
/// result: counting in that is as cheap as in any metric. Use a [`Family`](super::Family) where labels are known at compile time.
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

impl<M: Metric + DynamicMetric> DynamicFamily<M> {
    pub(crate) const fn from_set(set: SharedSet) -> Self {
        Self { set, types: PhantomData }
    }

    /// Returns the metric of these label values, in the order of the definition. A missing or empty value is an absent label; a
    /// value past its label's limit is `_OTHER`.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, DynamicFamily, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("mails_total", "Mails that were sent.").dynamic_label("template", 2);
    /// let mails: DynamicFamily<Counter> = registry.register(&definition)?;
    /// for template in ["welcome", "receipt", "past the limit"] {
    ///     mails.with(&[template]).inc();
    /// }
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("mails_total{template=\"_OTHER\"} 1\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn with(&self, values: &[&str]) -> M {
        M::of_series(SharedSet::clone(&self.set), self.set.dynamic_cells(values))
    }

    /// Counts in `metrics_overflow_total` a value past the limit of the label with this index, for callers that check limits on
    /// their own.
    pub fn note_overflow(&self, label: usize) {
        self.set.interners().note_overflow(label);
    }

    /// Returns whether the other is the same family or a clone of it.
    pub fn is(&self, other: &Self) -> bool {
        self.set.is(&other.set)
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
