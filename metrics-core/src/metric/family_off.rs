//! Families without the feature `enabled`: of no size.

use std::{borrow::Borrow, fmt, marker::PhantomData};

use super::{
    series::Series,
    storage::{Metric, SharedSet},
};
use crate::label::{Interned, LabelSet};

/// A metric for each label set of type `L`, which counts nothing: the feature `enabled` is off.
pub struct Family<L, M>(PhantomData<fn(L) -> M>);

impl<L: LabelSet, M: Metric> Family<L, M> {
    pub(crate) fn from_set(_: SharedSet) -> Self {
        Self(PhantomData)
    }

    /// A metric that counts nothing.
    #[inline]
    pub fn with(&self, labels: impl Borrow<L>) -> M::Child<'_> {
        drop(labels);
        M::none()
    }

    /// False: there is none.
    pub fn remove(&self, labels: impl Borrow<L>) -> bool {
        drop(labels);
        false
    }

    /// Nothing, as the feature `enabled` is off.
    pub fn series(&self) -> Vec<Series<M::Value>> {
        Vec::new()
    }

    /// A string that nothing is counted for.
    pub fn intern<const LIMIT: usize>(&self, _label: usize, _text: &str) -> Interned<LIMIT> {
        Interned::new(0)
    }
}

impl<L, M> Clone for Family<L, M> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<L, M> fmt::Debug for Family<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Family")
    }
}
