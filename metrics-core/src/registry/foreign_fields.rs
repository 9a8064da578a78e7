//! Metrics of the `prometheus` crate that are fields of groups.

use std::{
    any::Any,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use prometheus::core::Collector;

use crate::model::Descriptor;

/// Number of a field, unique within its registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ForeignId(pub(crate) usize);

/// A field of a group that is a metric of the `prometheus` crate.
#[derive(Clone)]
pub(crate) struct ForeignField {
    pub(crate) id: ForeignId,
    pub(crate) descriptor: Descriptor,
    /// Names of the labels that vary.
    pub(crate) label_names: &'static [&'static str],
    /// Bounds of a histogram's buckets.
    pub(crate) buckets: Vec<f64>,
    pub(crate) metric: Arc<dyn AnyMetric>,
    /// Shared by all owners; `None` for a field that stays on the page.
    pub(crate) owner: Option<Weak<dyn Any + Send + Sync>>,
}

/// A metric of any type of the `prometheus` crate.
pub(crate) trait AnyMetric: Any + Send + Sync {
    fn collector(&self) -> Box<dyn Collector>;
}

impl<C: Collector + Clone + 'static> AnyMetric for C {
    fn collector(&self) -> Box<dyn Collector> {
        Box::new(self.clone())
    }
}

impl ForeignField {
    pub(crate) fn collector(&self) -> Box<dyn Collector> {
        self.metric.collector()
    }

    /// Returns whether all owners are gone.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.strong_count() == 0)
    }

    /// Compares two definitions of one name; returns the first difference that a family does not allow.
    pub(crate) fn difference(&self, other: &Self) -> Option<&'static str> {
        let (one, two) = (&self.descriptor, &other.descriptor);
        if one.metric_type != two.metric_type {
            Some("another type")
        } else if one.help != two.help {
            Some("another help text")
        } else if one.unit != two.unit {
            Some("another unit")
        } else if !one.has_label_names_of(two) || self.label_names != other.label_names {
            Some("other label names")
        } else if self.buckets != other.buckets {
            Some("other buckets")
        } else {
            None
        }
    }

    pub(crate) fn as_metric<F: Clone + 'static>(&self) -> Option<F> {
        let metric: &dyn Any = &*self.metric;
        metric.downcast_ref().cloned()
    }
}

/// The fields of a registry's groups that are metrics of the `prometheus` crate.
#[derive(Default)]
pub(crate) struct ForeignFields {
    /// Held during registration and unregistration, which wait for scrapes. Readers of the fields do not take it.
    changing: Mutex<()>,
    next_id: AtomicUsize,
    fields: Mutex<Vec<ForeignField>>,
}

impl ForeignFields {
    /// Locks out other changes.
    pub(crate) fn begin_change(&self) -> MutexGuard<'_, ()> {
        lock(&self.changing)
    }

    pub(crate) fn next_id(&self) -> ForeignId {
        ForeignId(self.next_id.fetch_add(1, Relaxed))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Vec<ForeignField>> {
        lock(&self.fields)
    }

    /// Returns the fields as they are now.
    pub(crate) fn snapshot(&self) -> Vec<ForeignField> {
        self.lock().clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
