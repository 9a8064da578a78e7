//! Series that a thread has looked up: their cells by their labels, so that it finds them without asking the family again.
//!
//! A thread that counts by a string mostly meets the same few. Its cache belongs to its slab, is read and written by that
//! thread alone, and goes on with the slab: it is as true for the next thread.
//!
//! Nothing is ever taken out. An entry has the *version* of the set of series in which it was looked up: a number that no
//! other set has or ever had, and that changes as soon as a series of the set is removed. So an entry whose version is the
//! set's has labels of this set, and the series that they had when it was looked up is still there.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::{AtomicU64, global, size};

/// The labels of a series as words.
pub(crate) type KeyWords = [u64; 6];

/// Entries that a key may be in.
const WAYS: usize = size(4, 2);

/// Least and most sets of entries, powers of two: 32 KiB when a thread first looks a string up, and 512 KiB where it meets
/// thousands of them.
const LEAST: usize = size(128, 1);
const MOST: usize = size(2048, 2);

/// Factor by which a cache grows.
const GROWTH: usize = size(4, 2);

/// A hash table of bounded size with compared keys. Each key has one set of entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadSeriesCache(&'static [[Entry; WAYS]]);

/// One line of the processor's cache.
#[derive(Debug)]
#[repr(align(64))]
struct Entry {
    key: [AtomicU64; 6],
    /// Zero where the entry is free.
    version: AtomicU64,
    cells: AtomicU64,
}

impl ThreadSeriesCache {
    /// The cache without a single entry.
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
        // As many sets as a power of two; without any there is none.
        self.0.get(hash(key, version) & self.0.len().wrapping_sub(1))
    }

    /// Returns the bits of the cells that were looked up for a key in this version.
    #[inline]
    pub(super) fn get(self, key: &KeyWords, version: u64) -> Option<u64> {
        self.entries(key, version)?.iter().find_map(|entry| entry.find(key, version))
    }

    pub(super) const fn is_larger_than(self, other: Self) -> bool {
        self.0.len() > other.0.len()
    }

    /// Returns whether there is no larger cache.
    pub(super) const fn is_largest(self) -> bool {
        self.0.len() >= MOST
    }

    fn free_entry(self, key: &KeyWords, version: u64) -> Option<&'static Entry> {
        self.entries(key, version)?.iter().find(|entry| entry.version.load(Relaxed) == 0)
    }

    /// Returns whether there is a free entry for a key.
    pub(super) fn has_room(self, key: &KeyWords, version: u64) -> bool {
        self.free_entry(key, version).is_some()
    }

    /// Keeps what was looked up since the set had this version, where there is a free entry.
    pub(super) fn insert(self, key: &KeyWords, version: u64, cells: u64) {
        if let Some(entry) = self.free_entry(key, version) {
            entry.fill(key, version, cells);
        }
    }

    /// Keeps what was looked up since the set had this version in place of another; `turn` selects it.
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

/// Returns a version that no set of series has had; not zero.
pub(crate) fn next_version() -> u64 {
    global! { LAST: AtomicU64 = AtomicU64::new(0) }
    // An odd factor keeps numbers apart, and the versions of two families differ in many bits, for the hash.
    LAST.fetch_add(1, Relaxed).wrapping_add(1).wrapping_mul(MIX)
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Strings that collide cost a look-up in the family's table, which has a hash that nobody can foresee.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the upper bits, which are mixed best
fn hash([first, second, third, fourth, last, number]: &KeyWords, version: u64) -> usize {
    let (one, other) = (first ^ third ^ version, second ^ fourth ^ last);
    (one.wrapping_add(*number) ^ other.rotate_left(29)).wrapping_mul(MIX) as usize >> 40
}
