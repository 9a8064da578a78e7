//! One family at the time of a scrape.

use std::slice;

use crate::{
    model::Descriptor,
    series::{ReadSet, SeriesSet},
};

/// One family at the time of a scrape, with the sets that had metrics.
#[derive(Debug)]
pub(crate) struct FamilySnapshot {
    sets: Sets,
    properties: Properties,
    /// Set for the series under the family's former name.
    is_former: bool,
}

/// Properties of a family's sets. They are read while the sets are in the processor's cache, so that a scrape of many families does
/// not pass over all sets for each property.
#[derive(Clone, Copy, Debug)]
struct Properties {
    has_callbacks: bool,
    is_renamed: bool,
    is_capped: bool,
}

/// Sets of a family, of which most have one.
#[derive(Clone, Debug)]
pub(super) enum Sets {
    Single(ReadSet),
    Several(Vec<ReadSet>),
}

impl Sets {
    fn as_slice(&self) -> &[ReadSet] {
        match self {
            Self::Single(set) => slice::from_ref(set),
            Self::Several(sets) => sets,
        }
    }
}

impl FamilySnapshot {
    pub(super) fn new(sets: Sets) -> Self {
        let all = sets.as_slice();
        let properties = Properties {
            has_callbacks: all.iter().any(|set| set.callbacks().is_used()),
            is_renamed: all.first().is_some_and(|set| set.descriptor().renamed_from.is_some()),
            is_capped: all.iter().any(|set| set.interners().is_any()),
        };
        Self { sets, properties, is_former: false }
    }

    pub(crate) fn sets(&self) -> &[ReadSet] {
        self.sets.as_slice()
    }

    /// Returns whether a series has a callback.
    pub(super) const fn has_callbacks(&self) -> bool {
        self.properties.has_callbacks
    }

    /// Returns whether a label is capped.
    pub(crate) const fn is_capped(&self) -> bool {
        self.properties.is_capped
    }

    /// Removes the sets for which `is_kept` returns false.
    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&SeriesSet) -> bool) {
        self.sets = Sets::Several(self.sets().iter().filter(|set| is_kept(set)).cloned().collect());
    }

    /// Returns the descriptor of the first set; the others differ in constant labels alone.
    pub(crate) fn descriptor(&self) -> Option<&Descriptor> {
        self.sets().first().map(|set| set.descriptor())
    }

    /// Returns the name under which the series are exposed.
    pub(crate) fn name(&self) -> &str {
        self.descriptor().map_or("", |descriptor| match &descriptor.renamed_from {
            Some(former) if self.is_former => former,
            Some(_) | None => &descriptor.name,
        })
    }

    /// Returns the same series under the family's former name, if it has one.
    pub(crate) fn under_former_name(&self) -> Option<Self> {
        self.properties.is_renamed.then(|| Self { sets: self.sets.clone(), is_former: true, ..*self })
    }
}
