//! Answers of actix about the routes of paths, so that it is not asked twice about the latest ones.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

/// Index of a route among those that a worker knows.
pub(crate) type RouteId = u32;

/// Answers of actix about the latest paths, by the hashes of the paths.
#[derive(Debug, Default)]
pub(crate) struct AskedPaths {
    hasher: RandomState,
    slots: Vec<Option<(u64, RouteId)>>,
}

/// Number of paths whose answers are kept; a power of two.
const ASKED_PATHS: usize = 4096;

impl AskedPaths {
    /// Returns the kept answer about a path.
    pub(crate) fn get(&self, path: &str) -> Option<RouteId> {
        let hash = self.hasher.hash_one(path);
        let (known, route) = (*self.slots.get(slot(hash))?)?;
        (known == hash).then_some(route)
    }

    /// Keeps an answer, in the place of a former one.
    #[cold]
    pub(crate) fn insert(&mut self, path: &str, route: RouteId) {
        let hash = self.hasher.hash_one(path);
        self.slots.resize(ASKED_PATHS, None);
        self.slots[slot(hash)] = Some((hash, route));
    }

    /// Forgets all answers.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
    }
}

#[allow(clippy::cast_possible_truncation)] // the low bits are enough
const fn slot(hash: u64) -> usize {
    hash as usize & (ASKED_PATHS - 1)
}
