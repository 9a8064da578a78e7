//! The families of a registry as a list, which pages share until a definition comes or goes.

use std::{mem, ops::Range};

use crate::{
    model::Layout,
    series::{ReadSet, SingleSeriesList},
};

/// Families by exposed name, with what most pages need of them side by side: passing over the sets takes longer than writing the page
/// of many definitions.
///
/// The list keeps its sets, so that their slots are not reused while a page reads them. The list of the latest page stays until the
/// next page, and with it the memory of metrics that were dropped in between.
#[derive(Debug, Default)]
pub(crate) struct FamilyList {
    families: Vec<ListedFamily>,
    /// Names and help texts.
    texts: String,
    sets: Vec<ReadSet>,
    singles: SingleSeriesList,
    /// Sets of each family with callbacks.
    with_callbacks: Vec<Range<usize>>,
}

/// Properties of a family, in which its sets agree.
#[derive(Clone, Debug)]
pub(super) struct ListedFamily {
    /// Start of the name among the texts; the help text follows.
    text_start: usize,
    name_len: usize,
    help_len: usize,
    pub(super) sets: Range<usize>,
    /// Index of the first of its series among the single ones, if each of its sets has one.
    first_single: Option<usize>,
    pub(super) unit: Option<&'static str>,
    /// Layout of the first set. Others have the same, except for series with buckets of their own.
    pub(super) layout: Layout,
    pub(super) is_former: bool,
    pub(super) is_capped: bool,
}

impl FamilyList {
    /// Returns an empty list with the memory of this one, and the sets that it had.
    pub(super) fn clear(mut self) -> (Self, Vec<ReadSet>) {
        let count = self.sets.len();
        let sets = mem::replace(&mut self.sets, Vec::with_capacity(count));
        self.families.clear();
        self.texts.clear();
        self.singles.clear();
        self.with_callbacks.clear();
        (self, sets)
    }

    /// Takes the sets of a family, and appends it under its present and its former name.
    pub(super) fn push(&mut self, sets: &mut Vec<ReadSet>) {
        let Some(first) = sets.first() else { return };
        let descriptor = first.descriptor();
        let range = self.sets.len()..self.sets.len() + sets.len();
        let family = ListedFamily {
            text_start: self.push_texts(&descriptor.name, &descriptor.help),
            name_len: descriptor.name.len(),
            help_len: descriptor.help.len(),
            sets: range.clone(),
            first_single: self.push_singles(sets),
            unit: descriptor.unit,
            layout: first.layout().clone(),
            is_former: false,
            is_capped: sets.iter().any(|set| set.interners().is_any()),
        };
        let former = descriptor.renamed_from.as_deref().map(|name| ListedFamily {
            text_start: self.push_texts(name, &descriptor.help),
            name_len: name.len(),
            is_former: true,
            ..family.clone()
        });
        if sets.iter().any(|set| set.callbacks().is_used()) {
            self.with_callbacks.push(range);
        }
        self.families.push(family);
        self.families.extend(former);
        self.sets.append(sets);
    }

    fn push_texts(&mut self, name: &str, help: &str) -> usize {
        let start = self.texts.len();
        self.texts.push_str(name);
        self.texts.push_str(help);
        start
    }

    /// Appends the series of sets if each has one; returns the index of the first. If one has more, those before it are never read.
    fn push_singles(&mut self, sets: &[ReadSet]) -> Option<usize> {
        let first = self.singles.len();
        sets.iter().all(|set| self.singles.push(set)).then_some(first)
    }

    /// Sorts the families after the last one was appended, and frees memory that is not needed.
    pub(super) fn finish(&mut self) {
        let Self { families, texts, .. } = self;
        if families.iter().any(|family| family.is_former) {
            families.sort_by(|one, other| one.name(texts).cmp(other.name(texts)));
        }
        // The next list has about as many.
        let room = |len: usize| len + len / 8;
        self.families.shrink_to(room(self.families.len()));
        self.texts.shrink_to(room(self.texts.len()));
        self.sets.shrink_to(room(self.sets.len()));
    }

    pub(super) fn families(&self) -> &[ListedFamily] {
        &self.families
    }

    /// Returns the sets of each family with callbacks.
    pub(super) fn with_callbacks(&self) -> &[Range<usize>] {
        &self.with_callbacks
    }

    pub(super) fn sets(&self, range: &Range<usize>) -> &[ReadSet] {
        self.sets.get(range.clone()).unwrap_or_default()
    }

    pub(super) const fn singles(&self) -> &SingleSeriesList {
        &self.singles
    }

    pub(super) fn texts(&self) -> &str {
        &self.texts
    }
}

impl ListedFamily {
    pub(super) fn name<'t>(&self, texts: &'t str) -> &'t str {
        texts.get(self.text_start..self.text_start + self.name_len).unwrap_or_default()
    }

    pub(super) fn help<'t>(&self, texts: &'t str) -> &'t str {
        let start = self.text_start + self.name_len;
        texts.get(start..start + self.help_len).unwrap_or_default()
    }

    /// Returns the indices of its series among the single ones, if each of its sets has one.
    pub(super) fn singles(&self) -> Option<Range<usize>> {
        self.first_single.map(|first| first..first + self.sets.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Weak};

    use super::FamilyList;
    use crate::{Counter, Definition, GaugeFn, Registry, series::SeriesSet};

    fn counter(registry: &Registry, name: &'static str) -> (Counter, Weak<SeriesSet>) {
        let counter = registry.register(&Definition::new(name, "Help.")).unwrap();
        let set = registry.definitions().into_iter().find(|set| set.descriptor().name == name).unwrap();
        (counter, Arc::downgrade(&set))
    }

    #[test]
    fn pages_share_a_list_until_a_definition_comes_or_goes() {
        let registry = Registry::new();
        let (first, set) = counter(&registry, "a_total");
        let (_second, _) = counter(&registry, "b_total");
        registry.text();
        drop(first);
        assert_eq!(set.strong_count(), 1, "the list keeps the set");
        registry.text();
        assert_eq!(set.strong_count(), 0, "the next page drops it");
    }

    #[test]
    fn nothing_of_a_former_list_is_in_the_next() {
        let registry = Registry::new();
        let _counter = counter(&registry, "a_total");
        let level: GaugeFn = registry.register(&Definition::new("level", "Level.")).unwrap();
        level.read_from(|| 1);
        let mut list = FamilyList::default();
        for set in registry.definitions() {
            list.push(&mut vec![set]);
        }
        list.finish();
        let lengths = |list: &FamilyList| {
            let FamilyList { families, texts, sets, singles, with_callbacks } = list;
            [families.len(), texts.len(), sets.len(), singles.len(), with_callbacks.len()]
        };
        assert_eq!(lengths(&list), [2, "a_totalHelp.levelLevel.".len(), 2, 1, 1]);
        let (cleared, sets) = list.clear();
        assert_eq!((lengths(&cleared), sets.len()), ([0; 5], 2));
    }

    #[test]
    fn list_is_dropped_with_its_registry() {
        let registry = Registry::new();
        let (kept, set) = counter(&registry, "a_total");
        registry.text();
        assert_eq!(set.strong_count(), 2);
        drop(registry);
        assert_eq!(set.strong_count(), 1);
        kept.inc();
        drop(kept);
        assert_eq!(set.strong_count(), 0);
    }
}
