//! Thread-local cache of looked-up series: labels to cells, without the family's lock.
//!
//! A thread mostly counts the same few strings. Its cache belongs to its slab and is used by that thread alone. The next owner
//! of the slab inherits it, as the entries do not depend on the thread.
//!
//! No entry is ever invalidated. Each holds the *version* of the set of series in which it was looked up: a number that is
//! unique among all sets and changes when a series of the set is removed. An entry with the current version of a set
//! therefore belongs to this set, and its series still exists.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::{AtomicU64, global, size};

/// The labels of a series as words.
pub(crate) type KeyWords = [u64; 6];

/// Number of entries in a set; a key may be in any of them.
const WAYS: usize = size(4, 2);

/// Smallest and largest number of sets, powers of two: 32 KiB at a thread's first look-up of a string, 512 KiB if it counts
/// thousands of strings.
const LEAST: usize = size(128, 1);
const MOST: usize = size(2048, 2);

/// Factor by which a cache grows.
const GROWTH: usize = size(4, 2);

/// A hash table of bounded size that compares whole keys. Each key has one set of entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadSeriesCache(&'static [[Entry; WAYS]]);

/// One line of the processor's cache.
#[derive(Debug)]
#[repr(align(64))]
struct Entry {
    key: [AtomicU64; 6],
    /// Zero if the entry is free.
    version: AtomicU64,
    cells: AtomicU64,
}

impl ThreadSeriesCache {
    /// An empty cache without entries.
    pub(super) const NONE: Self = Self(&[]);

    /// Number of sets of the next larger cache; `None` for the largest.
    fn larger_sets(self) -> Option<usize> {
        Some((self.0.len() * GROWTH).max(LEAST)).filter(|sets| *sets <= MOST)
    }

    /// Size of the next larger cache in bytes; `None` for the largest.
    pub(super) fn larger_size(self) -> Option<usize> {
        Some(self.larger_sets()? * size_of::<[Entry; WAYS]>())
    }

    /// Returns the next larger cache, with the same entries.
    pub(super) fn larger(self) -> Self {
        let sets = self.larger_sets().unwrap_or(MOST);
        let larger = Self(Box::leak((0..sets).map(|_| std::array::from_fn(|_| Entry::empty())).collect()));
        for entry in self.0.iter().flatten().filter(|entry| entry.version.load(Relaxed) != 0) {
            let key = std::array::from_fn(|at| entry.key[at].load(Relaxed));
            larger.insert(&key, entry.version.load(Relaxed), entry.cells.load(Relaxed));
        }
        larger
    }

    #[inline]
    fn entries(self, key: &KeyWords, version: u64) -> Option<&'static [Entry; WAYS]> {
        // The number of sets is zero or a power of two.
        self.0.get(hash(key, version) & self.0.len().wrapping_sub(1))
    }

    /// Returns the bits of the cells that are cached for a key and version.
    #[inline]
    pub(super) fn get(self, key: &KeyWords, version: u64) -> Option<u64> {
        self.entries(key, version)?.iter().find_map(|entry| entry.find(key, version))
    }

    pub(super) const fn is_larger_than(self, other: Self) -> bool {
        self.0.len() > other.0.len()
    }

    /// Returns `true` if there is no larger cache.
    pub(super) const fn is_largest(self) -> bool {
        self.0.len() >= MOST
    }

    fn free_entry(self, key: &KeyWords, version: u64) -> Option<&'static Entry> {
        self.entries(key, version)?.iter().find(|entry| entry.version.load(Relaxed) == 0)
    }

    /// Returns `true` if there is a free entry for a key.
    pub(super) fn has_room(self, key: &KeyWords, version: u64) -> bool {
        self.free_entry(key, version).is_some()
    }

    /// Inserts the bits of looked-up cells, if there is a free entry.
    pub(super) fn insert(self, key: &KeyWords, version: u64, cells: u64) {
        if let Some(entry) = self.free_entry(key, version) {
            entry.fill(key, version, cells);
        }
    }

    /// Inserts the bits of looked-up cells in place of another entry; `turn` selects it.
    pub(super) fn replace(self, key: &KeyWords, version: u64, cells: u64, turn: usize) {
        if let Some(entries) = self.entries(key, version) {
            entries[turn % WAYS].fill(key, version, cells);
        }
    }
}

impl Entry {
    fn empty() -> Self {
        Self { key: crate::sync::zeroes(), version: AtomicU64::new(0), cells: AtomicU64::new(0) }
    }

    #[inline]
    fn find(&self, key: &KeyWords, version: u64) -> Option<u64> {
        let same = self.key.iter().zip(key).all(|(known, word)| known.load(Relaxed) == *word);
        (same && self.version.load(Relaxed) == version).then(|| self.cells.load(Relaxed))
    }

    fn fill(&self, key: &KeyWords, version: u64, cells: u64) {
        self.key.iter().zip(key).for_each(|(to, word)| to.store(*word, Relaxed));
        self.version.store(version, Relaxed);
        self.cells.store(cells, Relaxed);
    }
}

/// Returns a new version, which is not zero and was never used before.
pub(crate) fn next_version() -> u64 {
    global! { LAST: AtomicU64 = AtomicU64::new(0) }
    // Multiplication by an odd number keeps versions distinct and makes those of two families differ in many bits, for the hash.
    LAST.fetch_add(1, Relaxed).wrapping_add(1).wrapping_mul(MIX)
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Colliding strings cost a look-up in the family's table, whose hash is seeded at random.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the upper bits, which are mixed best
fn hash([first, second, third, fourth, last, number]: &KeyWords, version: u64) -> usize {
    let (one, other) = (first ^ third ^ version, second ^ fourth ^ last);
    (one.wrapping_add(*number) ^ other.rotate_left(29)).wrapping_mul(MIX) as usize >> 40
}
