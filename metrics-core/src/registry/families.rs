//! The families of a registry: definitions under one name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use crate::{
    model::{Descriptor, Layout, Location, MetricType, RegistrationError},
    series::{SeriesSet, SharedSet},
};

/// The definitions that share a name: they agree on all but the values of their constant labels.
#[derive(Debug)]
struct FamilyEntry {
    descriptor: Descriptor,
    layout: Layout,
    /// By constant labels, in whose order a page has them. A key has several sets if their variable labels or buckets differ.
    members: BTreeMap<ConstantLabels, Vec<Weak<SeriesSet>>>,
    dead_members: Sweep,
}

/// Constant labels in the order of their names.
type ConstantLabels = Vec<(Box<str>, Box<str>)>;

/// Decides when to look for dead entries of a map: when it has doubled since the last time.
///
/// So entries whose metrics were dropped take no more room than those alive, and each registration pays a constant share.
#[derive(Debug)]
struct Sweep {
    at: usize,
}

impl Sweep {
    const LEAST: usize = 64;

    const fn new() -> Self {
        Self { at: Self::LEAST }
    }

    fn is_due(&self, entries: usize) -> bool {
        entries >= self.at
    }

    fn done(&mut self, left: usize) {
        self.at = (2 * left).max(Self::LEAST);
    }
}

/// The families of a registry by name.
#[derive(Debug)]
pub(super) struct Families {
    by_name: BTreeMap<String, FamilyEntry>,
    dead_families: Sweep,
}

impl Default for Families {
    fn default() -> Self {
        Self { by_name: BTreeMap::new(), dead_families: Sweep::new() }
    }
}

/// One family at the time of a scrape.
#[derive(Debug)]
pub(crate) struct FamilySnapshot {
    pub(crate) sets: Vec<SharedSet>,
}

impl FamilySnapshot {
    /// Returns the descriptor, which holds for all sets but for their constant labels.
    pub(crate) fn descriptor(&self) -> Option<&Descriptor> {
        self.sets.first().map(|set| set.descriptor())
    }
}

impl Families {
    /// Returns the set of a definition if it is registered, `None` if it can be, and an error if it contradicts another.
    pub(super) fn find(
        &self,
        descriptor: &Descriptor,
        layout: &Layout,
    ) -> Result<Option<SharedSet>, RegistrationError> {
        let Some(entry) = self.live(&descriptor.name) else {
            self.check_suffixes(descriptor)?;
            return Ok(None);
        };
        if let Some(difference) = entry.difference(descriptor, layout) {
            let existing = (entry.descriptor.name.as_str(), entry.descriptor.location);
            return Err(RegistrationError::conflict(
                &descriptor.name,
                descriptor.location,
                difference,
                existing,
            ));
        }
        Ok(entry.member(descriptor, layout))
    }

    /// Registers a new set, unless another thread has registered the same definition meanwhile: then returns that one.
    pub(super) fn insert(&mut self, set: SharedSet) -> Result<SharedSet, RegistrationError> {
        if let Some(existing) = self.find(set.descriptor(), set.layout())? {
            return Ok(existing);
        }
        let name = &set.descriptor().name;
        if self.live(name).is_none() {
            self.sweep();
            self.by_name.insert(name.clone(), FamilyEntry::new(&set));
        }
        if let Some(entry) = self.by_name.get_mut(name) {
            entry.push(&set);
        }
        Ok(set)
    }

    /// Returns the family of this name, if one of its metrics is alive.
    fn live(&self, name: &str) -> Option<&FamilyEntry> {
        self.by_name.get(name).filter(|entry| entry.is_alive())
    }

    /// Refuses a family whose samples would have the names of another family's.
    fn check_suffixes(&self, descriptor: &Descriptor) -> Result<(), RegistrationError> {
        let conflict = |name: &str, location: Location| {
            let difference = "has samples named like those of";
            Err(RegistrationError::conflict(
                &descriptor.name,
                descriptor.location,
                difference,
                (name, location),
            ))
        };
        for suffix in descriptor.kind.suffixes() {
            let name = format!("{}{suffix}", descriptor.name);
            if let Some(entry) = self.live(&name) {
                return conflict(&name, entry.descriptor.location);
            }
        }
        // A histogram has every suffix that there is.
        for suffix in MetricType::Histogram.suffixes() {
            if let Some(name) = descriptor.name.strip_suffix(suffix)
                && let Some(entry) = self.live(name)
                && entry.layout.kind().suffixes().contains(suffix)
            {
                return conflict(name, entry.descriptor.location);
            }
        }
        Ok(())
    }

    /// Forgets families whose metrics were all dropped.
    fn sweep(&mut self) {
        if self.dead_families.is_due(self.by_name.len()) {
            self.by_name.retain(|_, entry| entry.is_alive());
            self.dead_families.done(self.by_name.len());
        }
    }

    /// Returns all families by name with the sets that are alive, and forgets the others.
    pub(super) fn snapshot(&mut self) -> Vec<FamilySnapshot> {
        let mut families = Vec::with_capacity(self.by_name.len());
        self.by_name.retain(|_, entry| {
            let sets = entry.live_sets();
            let is_alive = !sets.is_empty();
            if is_alive {
                families.push(FamilySnapshot { sets });
            }
            is_alive
        });
        families
    }
}

impl FamilyEntry {
    fn new(set: &SharedSet) -> Self {
        let descriptor = set.descriptor().clone();
        let layout = set.layout().clone();
        Self { descriptor, layout, members: BTreeMap::new(), dead_members: Sweep::new() }
    }

    fn is_alive(&self) -> bool {
        self.members.values().flatten().any(|set| set.strong_count() > 0)
    }

    /// Returns the difference from a definition in something that the whole family has in common.
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
            Some(layout_difference(layout))
        } else {
            None
        }
    }

    /// Returns whether sets of this family have buckets of their own.
    fn has_several_layouts(&self) -> bool {
        self.descriptor.open.as_ref().is_some_and(|bucket_group| !bucket_group.is_empty())
    }

    /// Returns the set with the same constant labels, variable labels and buckets.
    fn member(&self, descriptor: &Descriptor, layout: &Layout) -> Option<SharedSet> {
        let with_same_constants = self.members.get(&constant_labels(descriptor))?;
        let is_same = |set: &SharedSet| {
            set.layout() == layout && set.descriptor().dimensions() == descriptor.dimensions()
        };
        with_same_constants.iter().filter_map(Weak::upgrade).find(is_same)
    }

    fn push(&mut self, set: &SharedSet) {
        if self.dead_members.is_due(self.members.len()) {
            self.forget_dead_members();
            self.dead_members.done(self.members.len());
        }
        let sets = self.members.entry(constant_labels(set.descriptor())).or_default();
        sets.retain(|other| other.strong_count() > 0);
        sets.push(Arc::downgrade(set));
    }

    fn forget_dead_members(&mut self) {
        self.members.retain(|_, sets| {
            sets.retain(|set| set.strong_count() > 0);
            !sets.is_empty()
        });
    }

    fn live_sets(&mut self) -> Vec<SharedSet> {
        let sets: Vec<_> = self.members.values().flatten().filter_map(Weak::upgrade).collect();
        if sets.len() < self.members.len() {
            self.forget_dead_members();
        }
        sets
    }
}

fn constant_labels(descriptor: &Descriptor) -> ConstantLabels {
    descriptor.constants().into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// Names the difference of layouts of one type.
const fn layout_difference(layout: &Layout) -> &'static str {
    match layout {
        Layout::Histogram(_) => "other buckets",
        Layout::StateSet(_) => "other states",
        Layout::Counter
        | Layout::FloatCounter
        | Layout::ReadCounter
        | Layout::Gauge
        | Layout::FloatGauge
        | Layout::Summary(_)
        | Layout::Info => "another number type",
    }
}
