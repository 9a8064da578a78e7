//! Labels that the user has added: one worker's cache of their values and of the combinations of these.

use std::{cell::RefCell, sync::Arc};

use foldhash::HashMap;
use metrics_core::OTHER;

use crate::{
    label_values::{ABSENT, CachedLabelValues, LabelValues, ValueId},
    labels::{LabelSetId, LabelSource},
    options::ExtraLabel,
};

/// One worker's cache of the values of the user's labels, and of their combinations.
#[derive(Debug)]
pub(crate) struct ExtraLabelCache {
    values: Vec<CachedLabelValues>,
    ids: RefCell<HashMap<Box<[ValueId]>, LabelSetId>>,
    /// The combinations by their numbers; the first one has no values.
    label_sets: RefCell<Vec<Box<[ValueId]>>>,
}

impl ExtraLabelCache {
    pub(crate) fn new(values: &[Arc<LabelValues>]) -> Self {
        let values = values.iter().map(|values| CachedLabelValues::new(Arc::clone(values))).collect();
        Self { values, ids: RefCell::default(), label_sets: RefCell::new(vec![Box::default()]) }
    }

    /// Returns the number of the combination that `read` finds; zero without labels.
    #[inline]
    pub(crate) fn label_set<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        read: impl Fn(&ExtraLabel<R>, &CachedLabelValues) -> Option<ValueId>,
    ) -> LabelSetId {
        if labels.is_empty() { 0 } else { self.read(labels, read) }
    }

    #[inline(never)]
    fn read<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        read: impl Fn(&ExtraLabel<R>, &CachedLabelValues) -> Option<ValueId>,
    ) -> LabelSetId {
        let ids =
            labels.iter().zip(&self.values).map(|(label, cached)| read(label, cached).unwrap_or(ABSENT));
        // Most services have at most a few labels, which need no allocation.
        let mut few = [ABSENT; 4];
        if labels.len() <= few.len() {
            few.iter_mut().zip(ids).for_each(|(to, id)| *to = id);
            return self.intern(few.get(..labels.len()).unwrap_or_default());
        }
        self.intern(&ids.collect::<Vec<_>>())
    }

    fn intern(&self, ids: &[ValueId]) -> LabelSetId {
        if let Some(number) = self.ids.borrow().get(ids) {
            return *number;
        }
        let mut label_sets = self.label_sets.borrow_mut();
        let Ok(number) = LabelSetId::try_from(label_sets.len()) else { return 0 };
        label_sets.push(ids.into());
        self.ids.borrow_mut().insert(ids.into(), number);
        number
    }

    fn value_ids(&self, label_set: LabelSetId) -> Box<[ValueId]> {
        self.label_sets.borrow().get(label_set as usize).cloned().unwrap_or_default()
    }

    /// Returns the texts of a combination's values.
    pub(crate) fn texts<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        label_set: LabelSetId,
    ) -> Box<[Arc<str>]> {
        let text =
            |(id, (label, cached)): (&ValueId, (&ExtraLabel<R>, &CachedLabelValues))| match label.finite {
                _ if *id == ABSENT => "".into(),
                Some((count, name_at)) if (*id as usize) < count => name_at(*id as usize).into(),
                Some(_) => OTHER.into(),
                None => cached.text(*id),
            };
        self.value_ids(label_set).iter().zip(labels.iter().zip(&self.values)).map(text).collect()
    }

    /// Returns the labels whose values in a combination are past their limits.
    pub(crate) fn overflows<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        label_set: LabelSetId,
        source: fn(usize) -> LabelSource,
    ) -> Vec<LabelSource> {
        let ids = self.value_ids(label_set);
        let overflow = |(at, id): (usize, &ValueId)| {
            let is_capped = labels.get(at).is_some_and(|label| label.finite.is_none());
            let is_past = self.values.get(at).is_some_and(|cached| cached.overflow_id() == *id);
            (is_capped && is_past).then(|| source(at))
        };
        ids.iter().enumerate().filter_map(overflow).collect()
    }
}
