//! The families of a registry: definitions under one name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use super::family_list::FamilyList;
use crate::{
    model::{Descriptor, Layout, Location, MetricType, RegistrationError},
    series::{ReadSet, SeriesSet, SharedSet, set_changes},
};

/// Definitions of one name, which agree in everything but the values of their constant labels.
///
/// Most families have one definition, for which a map would take more memory than everything else.
#[derive(Debug)]
enum FamilyEntry {
    Single(Weak<SeriesSet>),
    Several(Members),
}

/// Definitions of a family by constant labels, which is their order on a page.
#[derive(Debug)]
struct Members {
    /// A key has several sets if their variable labels or buckets differ.
    by_constants: BTreeMap<ConstantKey, Vec<Weak<SeriesSet>>>,
    sweep: Sweep,
}

/// Values of the constant labels in the order of the labels' names. Different labels may have equal keys, as names are left out and values
/// are joined by a character that they may contain.
type ConstantKey = Box<str>;

/// Schedule of the search for dead entries of a map: each time the map has doubled.
///
/// So entries whose metrics were dropped take no more room than live ones, and each registration pays a constant share.
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
    by_name: BTreeMap<Box<str>, FamilyEntry>,
    /// Present names of families by their former ones.
    by_former_name: BTreeMap<Box<str>, Box<str>>,
    sweep: Sweep,
    /// Number of all insertions so far.
    insertions: u64,
    /// List of the latest page.
    list: Option<(ListVersion, Arc<FamilyList>)>,
}

/// State of the families and sets of which a list was made. An equal state has an equal list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ListVersion {
    insertions: u64,
    set_changes: u64,
}

/// Result of [`Families::find`].
pub(super) enum Found {
    /// The definition is registered.
    Set(SharedSet),
    /// The definition can be registered if `insertions` is still the number of insertions.
    Nothing { insertions: u64 },
}

impl Default for Families {
    fn default() -> Self {
        Self {
            by_name: BTreeMap::new(),
            by_former_name: BTreeMap::new(),
            sweep: Sweep::new(),
            insertions: 0,
            list: None,
        }
    }
}

impl Families {
    /// Looks for the set of a definition; returns an error if the definition contradicts another.
    pub(super) fn find(&self, descriptor: &Descriptor, layout: &Layout) -> Result<Found, RegistrationError> {
        let nothing = Found::Nothing { insertions: self.insertions };
        let Some((entry, existing)) = self.live(&descriptor.name) else {
            self.check_names(descriptor)?;
            return Ok(nothing);
        };
        if let Some(difference) = difference(&existing, descriptor, layout) {
            let existing = (descriptor.name.as_str(), existing.descriptor().location);
            return Err(RegistrationError::conflict(
                &descriptor.name,
                descriptor.location,
                difference,
                existing,
            ));
        }
        Ok(entry.member(descriptor, layout).map_or(nothing, Found::Set))
    }

    /// Registers a new set. If other sets were registered since `insertions` was read, looks for an equal one first.
    pub(super) fn insert(&mut self, set: SharedSet, insertions: u64) -> Result<SharedSet, RegistrationError> {
        if insertions != self.insertions
            && let Found::Set(existing) = self.find(set.descriptor(), set.layout())?
        {
            return Ok(existing);
        }
        self.insertions += 1;
        let name = set.descriptor().name.as_str();
        if let Some(entry) = self.by_name.get_mut(name)
            && entry.any_live().is_some()
        {
            entry.push(set.as_read());
        } else {
            self.remove_dead();
            self.by_name.insert(name.into(), FamilyEntry::Single(Arc::downgrade(set.as_read())));
            if let Some(former) = set.descriptor().renamed_from.as_deref() {
                self.by_former_name.insert(former.into(), name.into());
            }
        }
        Ok(set)
    }

    /// Returns the family of this name and one of its sets, if one is alive.
    fn live(&self, name: &str) -> Option<(&FamilyEntry, ReadSet)> {
        let entry = self.by_name.get(name)?;
        Some((entry, entry.any_live()?))
    }

    /// Returns a set of the family that is exposed under a name, present or former, if it is alive.
    fn exposed(&self, name: &str) -> Option<ReadSet> {
        if let Some((_, set)) = self.live(name) {
            return Some(set);
        }
        let (_, set) = self.live(self.by_former_name.get(name)?)?;
        (set.descriptor().renamed_from.as_deref() == Some(name)).then_some(set)
    }

    /// Refuses a new family of whose names or samples' names another family has one.
    fn check_names(&self, descriptor: &Descriptor) -> Result<(), RegistrationError> {
        descriptor.exposed_names().try_for_each(|name| self.check_name(descriptor, name))
    }

    fn check_name(&self, descriptor: &Descriptor, exposed_name: &str) -> Result<(), RegistrationError> {
        let conflict = |difference, name: &str, location: Location| {
            Err(RegistrationError::conflict(
                &descriptor.name,
                descriptor.location,
                difference,
                (name, location),
            ))
        };
        let of_samples = "has samples named like those of";
        if let Some(existing) = self.exposed(exposed_name) {
            let difference = "is exposed under a name of";
            return conflict(difference, &existing.descriptor().name, existing.descriptor().location);
        }
        for suffix in descriptor.metric_type.suffixes() {
            let name = format!("{exposed_name}{suffix}");
            if let Some(existing) = self.exposed(&name) {
                return conflict(of_samples, &name, existing.descriptor().location);
            }
        }
        // A histogram has all suffixes that any type has.
        for suffix in MetricType::Histogram.suffixes() {
            if let Some(name) = exposed_name.strip_suffix(suffix)
                && let Some(existing) = self.exposed(name)
                && existing.layout().metric_type().suffixes().contains(suffix)
            {
                return conflict(of_samples, name, existing.descriptor().location);
            }
        }
        Ok(())
    }

    /// Removes families whose metrics were all dropped.
    fn remove_dead(&mut self) {
        if self.sweep.is_due(self.by_name.len()) {
            self.by_name.retain(|_, entry| entry.any_live().is_some());
            self.by_former_name.retain(|_, name| self.by_name.contains_key(name));
            self.sweep.done(self.by_name.len());
        }
    }

    /// Returns the list of families that the latest page had, or a new one if something has changed since. Sets of the former list are
    /// returned too: it may have the last references to many, so they are dropped outside of the lock.
    pub(super) fn list(&mut self) -> (Arc<FamilyList>, Vec<ReadSet>) {
        // First, so that a later change is noticed.
        let version = ListVersion { insertions: self.insertions, set_changes: set_changes::count() };
        let former = match self.list.take() {
            Some((of, list)) if of == version => {
                self.list = Some((of, Arc::clone(&list)));
                return (list, Vec::new());
            }
            former => former.and_then(|(_, list)| Arc::into_inner(list)).unwrap_or_default(),
        };
        let (mut list, former_sets) = former.clear();
        self.for_each_family(|sets| list.push(sets));
        list.finish();
        let list = Arc::new(list);
        self.list = Some((version, Arc::clone(&list)));
        (list, former_sets)
    }

    /// Returns the sets of all families by name.
    pub(super) fn sets(&mut self) -> Vec<ReadSet> {
        let mut all = Vec::with_capacity(self.by_name.len());
        self.for_each_family(|sets| all.append(sets));
        all
    }

    /// Calls `each` with the live sets of each family by name, and removes the others.
    fn for_each_family(&mut self, mut each: impl FnMut(&mut Vec<ReadSet>)) {
        let mut sets = Vec::new();
        self.by_name.retain(|_, entry| {
            sets.clear();
            entry.push_live_sets(&mut sets);
            let is_alive = !sets.is_empty();
            if is_alive {
                each(&mut sets);
            }
            is_alive
        });
    }
}

impl FamilyEntry {
    fn any_live(&self) -> Option<ReadSet> {
        match self {
            Self::Single(set) => SharedSet::read(set),
            Self::Several(members) => members.by_constants.values().flatten().find_map(SharedSet::read),
        }
    }

    /// Returns the set with the same constant labels, variable labels and buckets.
    fn member(&self, descriptor: &Descriptor, layout: &Layout) -> Option<SharedSet> {
        let is_same = |set: &ReadSet| {
            set.descriptor().constants() == descriptor.constants()
                && set.layout() == layout
                && set.descriptor().dimensions() == descriptor.dimensions()
        };
        match self {
            Self::Single(set) => SharedSet::of(SharedSet::read(set).filter(is_same)?),
            Self::Several(members) => {
                let with_same_constants = members.by_constants.get(&constant_key(descriptor))?;
                let mut same = with_same_constants.iter().filter_map(SharedSet::read).filter(is_same);
                same.find_map(SharedSet::of)
            }
        }
    }

    fn push(&mut self, set: &ReadSet) {
        if let Self::Single(single) = self {
            let mut members = Members { by_constants: BTreeMap::new(), sweep: Sweep::new() };
            if let Some(single) = SharedSet::read(single) {
                members.push(&single);
            }
            *self = Self::Several(members);
        }
        if let Self::Several(members) = self {
            members.push(set);
        }
    }

    /// Appends the live sets to `sets`, and removes the others.
    fn push_live_sets(&mut self, sets: &mut Vec<ReadSet>) {
        match self {
            Self::Single(set) => sets.extend(SharedSet::read(set)),
            Self::Several(members) => members.push_live_sets(sets),
        }
    }
}

impl Members {
    fn push(&mut self, set: &ReadSet) {
        if self.sweep.is_due(self.by_constants.len()) {
            self.remove_dead();
            self.sweep.done(self.by_constants.len());
        }
        let sets = self.by_constants.entry(constant_key(set.descriptor())).or_default();
        sets.retain(|other| other.strong_count() > 0);
        sets.push(Arc::downgrade(set));
    }

    fn remove_dead(&mut self) {
        self.by_constants.retain(|_, sets| {
            sets.retain(|set| set.strong_count() > 0);
            !sets.is_empty()
        });
    }

    fn push_live_sets(&mut self, sets: &mut Vec<ReadSet>) {
        sets.extend(self.by_constants.values().flatten().filter_map(SharedSet::read));
        if sets.len() < self.by_constants.len() {
            self.remove_dead();
        }
    }
}

fn constant_key(descriptor: &Descriptor) -> ConstantKey {
    let constants = descriptor.constants();
    let mut key = String::with_capacity(constants.iter().map(|(_, value)| value.len() + 1).sum());
    for (_, value) in constants {
        key.push_str(value);
        // Lower than all others, so that keys have the order of their values.
        key.push('\0');
    }
    key.into()
}

/// Compares a definition with a registered one of its family; returns the first difference that is not allowed.
fn difference(existing: &SeriesSet, descriptor: &Descriptor, layout: &Layout) -> Option<&'static str> {
    let of_family = existing.descriptor();
    if existing.layout().metric_type() != layout.metric_type() {
        Some("another type")
    } else if of_family.help != descriptor.help {
        Some("another help text")
    } else if of_family.renamed_from != descriptor.renamed_from {
        Some("another former name")
    } else if of_family.unit != descriptor.unit {
        Some("another unit")
    } else if !of_family.has_label_names_of(descriptor) {
        Some("other label names")
    } else if of_family.quantiles != descriptor.quantiles {
        Some("other quantiles")
    } else if of_family.bucket_group.is_some() != descriptor.bucket_group.is_some() {
        Some("labels of another kind")
    } else if of_family.bucket_group != descriptor.bucket_group {
        Some("other buckets for some of its series")
    } else if existing.layout() != layout && !has_several_layouts(of_family) {
        Some(layout_difference(layout))
    } else {
        None
    }
}

/// Returns whether sets of this family have buckets of their own.
fn has_several_layouts(of_family: &Descriptor) -> bool {
    of_family.bucket_group.as_ref().is_some_and(|bucket_group| !bucket_group.is_empty())
}

/// Returns the words for the difference between layouts of one type.
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

#[cfg(test)]
mod tests {
    use crate::{Counter, Definition, Registry};

    #[test]
    fn definitions_whose_keys_are_equal_are_told_apart() {
        let registry = Registry::new();
        let define = |one: &'static str, other: &'static str| {
            let definition = Definition::new("jobs_total", "Jobs.").label("a", one).label("b", other);
            registry.register::<Counter>(&definition).unwrap()
        };
        let counters = [define("x\0y", "z"), define("x", "y\0z"), define("x", "y\0z")];
        for counter in &counters {
            counter.inc();
        }
        assert_eq!(counters.map(|counter| counter.get()), [1, 2, 2]);
    }
}
