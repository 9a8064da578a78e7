//! The families of a registry: definitions under one name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use crate::{
    model::{Descriptor, Layout, MetricType, RegistrationError},
    series::{SeriesSet, SharedSet},
};

/// The definitions that share a name: they agree on all but the values of their constant labels.
#[derive(Debug)]
struct Entry {
    descriptor: Descriptor,
    layout: Layout,
    /// In the order of their constant labels. A set whose metrics are all dropped is gone from here.
    members: Vec<Weak<SeriesSet>>,
}

/// The families of a registry by name.
#[derive(Debug, Default)]
pub(super) struct Families(BTreeMap<String, Entry>);

/// One family at the time of a scrape.
#[derive(Debug)]
pub(crate) struct FamilySnapshot {
    pub(crate) sets: Vec<SharedSet>,
}

impl FamilySnapshot {
    /// The descriptor, which holds for all sets but for their constant labels.
    pub(crate) fn descriptor(&self) -> Option<&Descriptor> {
        self.sets.first().map(|set| set.descriptor())
    }
}

impl Families {
    /// The set of a definition: the one there is, or a new one made by `make`.
    pub(super) fn register(
        &mut self,
        descriptor: Descriptor,
        layout: Layout,
        make: impl FnOnce(Descriptor, Layout) -> Result<SeriesSet, RegistrationError>,
    ) -> Result<SharedSet, RegistrationError> {
        self.check_suffixes(&descriptor)?;
        let Some(entry) = self.live(&descriptor.name) else {
            return Ok(self.insert(make(descriptor, layout)?));
        };
        if let Some(what) = entry.difference(&descriptor, &layout) {
            let existing = (entry.descriptor.name.as_str(), entry.descriptor.location);
            return Err(RegistrationError::conflict(&descriptor.name, descriptor.location, what, existing));
        }
        if let Some(set) = entry.member(&descriptor, &layout) {
            return Ok(set);
        }
        // The buckets of all members are one allocation.
        let layout = entry.share(layout);
        let set = Arc::new(make(descriptor, layout)?);
        entry.push(&set);
        Ok(set)
    }

    fn insert(&mut self, set: SeriesSet) -> SharedSet {
        let descriptor = set.descriptor().clone();
        let layout = set.layout().clone();
        let set = Arc::new(set);
        let name = descriptor.name.clone();
        self.0.insert(name, Entry { descriptor, layout, members: vec![Arc::downgrade(&set)] });
        set
    }

    /// The family of this name, if a metric of it is still there.
    fn live(&mut self, name: &str) -> Option<&mut Entry> {
        self.0.get_mut(name).filter(|entry| entry.members.iter().any(|set| set.strong_count() > 0))
    }

    /// Refuses a family whose samples would be named like another family's.
    fn check_suffixes(&mut self, descriptor: &Descriptor) -> Result<(), RegistrationError> {
        let own = descriptor.kind.suffixes().iter().map(|suffix| format!("{}{suffix}", descriptor.name));
        // Those of a histogram are the ones that there are.
        let bases = MetricType::Histogram.suffixes().iter().filter_map(|suffix| {
            let base = descriptor.name.strip_suffix(suffix)?;
            Some((base.to_owned(), Some(*suffix)))
        });
        for (name, suffix) in own.map(|name| (name, None)).chain(bases) {
            let owns =
                |entry: &Entry| suffix.is_none_or(|suffix| entry.layout.kind().suffixes().contains(&suffix));
            let Some(entry) = self.live(&name).filter(|entry| owns(entry)) else { continue };
            let existing = (name.as_str(), entry.descriptor.location);
            let what = "has samples named like those of";
            return Err(RegistrationError::conflict(&descriptor.name, descriptor.location, what, existing));
        }
        Ok(())
    }

    /// All families by name with the sets that are alive; forgets the others.
    pub(super) fn snapshot(&mut self) -> Vec<FamilySnapshot> {
        self.0.retain(|_, entry| {
            entry.members.retain(|set| set.strong_count() > 0);
            !entry.members.is_empty()
        });
        let sets = |entry: &Entry| entry.members.iter().filter_map(Weak::upgrade).collect::<Vec<_>>();
        self.0
            .values()
            .map(sets)
            .filter(|sets| !sets.is_empty())
            .map(|sets| FamilySnapshot { sets })
            .collect()
    }
}

impl Entry {
    /// In what a definition differs that should be the same in the whole family.
    fn difference(&self, descriptor: &Descriptor, layout: &Layout) -> Option<&'static str> {
        if self.layout.kind() != layout.kind() {
            Some("another type")
        } else if self.descriptor.help != descriptor.help {
            Some("another help text")
        } else if self.descriptor.unit != descriptor.unit {
            Some("another unit")
        } else if self.descriptor.label_names() != descriptor.label_names() {
            Some("other label names")
        } else if self.descriptor.quantiles != descriptor.quantiles {
            Some("other quantiles")
        } else if self.descriptor.open.is_some() != descriptor.open.is_some() {
            Some("labels of another kind")
        } else if self.descriptor.open != descriptor.open {
            Some("other buckets for some of its series")
        } else if self.layout != *layout && !self.has_several_layouts() {
            Some(match layout {
                Layout::Histogram(_) => "other buckets",
                Layout::StateSet(_) => "other states",
                _ => "another number type",
            })
        } else {
            None
        }
    }

    /// Whether sets of this family have buckets of their own.
    fn has_several_layouts(&self) -> bool {
        self.descriptor.open.as_ref().is_some_and(|bucket_group| !bucket_group.is_empty())
    }

    /// The set with the same constant and variable labels and the same buckets.
    fn member(&self, descriptor: &Descriptor, layout: &Layout) -> Option<SharedSet> {
        let same = |set: &SharedSet| {
            let other = set.descriptor();
            set.layout() == layout
                && other.constants() == descriptor.constants()
                && other.dimensions() == descriptor.dimensions()
        };
        self.members.iter().filter_map(Weak::upgrade).find(same)
    }

    fn share(&self, layout: Layout) -> Layout {
        if self.layout == layout { self.layout.clone() } else { layout }
    }

    fn push(&mut self, set: &SharedSet) {
        let before = |other: &Weak<SeriesSet>| {
            other
                .upgrade()
                .is_some_and(|other| other.descriptor().constants() <= set.descriptor().constants())
        };
        let place = self.members.iter().rposition(before).map_or(0, |place| place + 1);
        self.members.insert(place, Arc::downgrade(set));
    }
}
