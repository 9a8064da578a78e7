//! Set of series that a metric and its clones share.

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc, Weak,
        atomic::Ordering::{AcqRel, Relaxed},
    },
};

use super::{set::SeriesSet, set_changes};

/// Reference of a metric to its set of series. Metrics and scrapes are counted separately, so that a metric that is dropped and
/// registered again during a scrape gets a new set, which starts at zero.
pub struct SharedSet(Arc<SeriesSet>);

/// Reference of a scrape or a registration to a set of series, which does not keep the metric registered.
pub(crate) type ReadSet = Arc<SeriesSet>;

impl SharedSet {
    pub(crate) fn new(set: SeriesSet) -> Self {
        set.metrics().store(1, Relaxed);
        Self(Arc::new(set))
    }

    /// Returns a further reference of a metric to a set, if it has a metric.
    pub(crate) fn of(set: ReadSet) -> Option<Self> {
        let more = |metrics: usize| metrics.checked_add(1).filter(|_| metrics > 0);
        set.metrics().fetch_update(Relaxed, Relaxed, more).ok()?;
        Some(Self(set))
    }

    /// Returns the set for a look at it, which does not keep the metric registered.
    pub(crate) const fn as_read(&self) -> &ReadSet {
        &self.0
    }

    /// Returns the set, if it has a metric. Dropping the reference never runs user code, unlike dropping a [`SharedSet`], so that
    /// a lock may be held.
    pub(crate) fn read(set: &Weak<SeriesSet>) -> Option<ReadSet> {
        set.upgrade().filter(|set| set.metrics().load(Relaxed) > 0)
    }

    /// Returns whether both are the same set.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Clone for SharedSet {
    fn clone(&self) -> Self {
        self.0.metrics().fetch_add(1, Relaxed);
        Self(Arc::clone(&self.0))
    }
}

impl Drop for SharedSet {
    fn drop(&mut self) {
        if self.0.metrics().fetch_sub(1, AcqRel) == 1 {
            set_changes::add();
            // The list of a registry's latest page keeps the set until the next page, but not the user's closures.
            self.0.callbacks().clear();
        }
    }
}

impl Deref for SharedSet {
    type Target = SeriesSet;

    #[inline]
    fn deref(&self) -> &SeriesSet {
        &self.0
    }
}

impl fmt::Debug for SharedSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
