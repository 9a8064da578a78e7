//! Families at the time of a scrape.

use std::{ops::Range, sync::Arc};

use super::family_list::{FamilyList, ListedFamily};
use crate::{
    model::{Layout, MetricType},
    series::{ReadSet, SingleSeriesList},
};

/// Families at the time of a scrape, with values that callbacks have read.
#[derive(Debug)]
pub(crate) struct RegistrySnapshot {
    list: Arc<FamilyList>,
    /// Sets of each family all of whose callbacks panicked, which the page leaves out.
    failed: Vec<Range<usize>>,
}

/// One family at the time of a scrape, under its present or its former name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FamilySnapshot<'l> {
    list: &'l FamilyList,
    family: &'l ListedFamily,
}

impl RegistrySnapshot {
    /// Calls the callbacks; `note_panic` is called for each set of which one panicked.
    pub(super) fn read(list: Arc<FamilyList>, mut note_panic: impl FnMut()) -> Self {
        let mut has_failed = |set: &ReadSet| {
            let failed = set.callbacks().read();
            if failed > 0 {
                note_panic();
            }
            failed > 0 && failed >= set.len()
        };
        let mut all_failed = |range: &&Range<usize>| {
            // All of them are called.
            list.sets(range).iter().filter(|set| !has_failed(set)).count() == 0
        };
        let failed = list.with_callbacks().iter().filter(|range| all_failed(range)).cloned().collect();
        Self { list, failed }
    }

    /// Returns an upper bound of the number of families.
    pub(crate) fn most_families(&self) -> usize {
        self.list.families().len()
    }

    /// Returns the families by exposed name.
    pub(crate) fn families(&self) -> impl Iterator<Item = FamilySnapshot<'_>> {
        let has_failed = |sets: &Range<usize>| {
            self.failed.binary_search_by_key(&sets.start, |failed| failed.start).is_ok()
        };
        let families = self.list.families().iter().filter(move |family| !has_failed(&family.sets));
        families.map(|family| FamilySnapshot { list: &self.list, family })
    }
}

impl<'l> FamilySnapshot<'l> {
    /// Returns the name under which the series are exposed.
    pub(crate) fn name(self) -> &'l str {
        self.family.name(self.list.texts())
    }

    pub(crate) fn help(self) -> &'l str {
        self.family.help(self.list.texts())
    }

    pub(crate) const fn metric_type(self) -> MetricType {
        self.family.layout.metric_type()
    }

    pub(crate) const fn unit(self) -> Option<&'static str> {
        self.family.unit
    }

    /// Returns whether the name is the former one.
    pub(crate) const fn is_former(self) -> bool {
        self.family.is_former
    }

    /// Returns whether a label is capped.
    pub(crate) const fn is_capped(self) -> bool {
        self.family.is_capped
    }

    pub(crate) fn sets(self) -> &'l [ReadSet] {
        self.list.sets(&self.family.sets)
    }

    /// Returns the layout, the series and their indices, if each set has one series that is read without its set.
    #[inline]
    pub(crate) fn singles(self) -> Option<(&'l Layout, &'l SingleSeriesList, Range<usize>)> {
        Some((&self.family.layout, self.list.singles(), self.family.singles()?))
    }

    /// Returns the number of label sets, including those that are hidden while they are zero.
    pub(crate) fn label_set_count(self) -> usize {
        let of_sets = || self.sets().iter().map(|set| set.len()).sum();
        self.family.singles().map_or_else(of_sets, |singles| singles.len())
    }
}
