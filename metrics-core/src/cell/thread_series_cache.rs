//! What a thread has looked up: the cells of series by their labels, so that it finds them without asking the family again.
//!
//! A thread that counts by a string mostly meets the same few. What it has found belongs to its slab, is read and written by
//! that thread alone, and goes on with the slab: it is as true for the next thread.
//!
//! Nothing here is ever taken out. An entry has the *epoch* in which it was looked up: a number that a set of series has, that
//! no other has or ever had, and that is another one as soon as a series of the set was removed. So an entry whose epoch is the
//! set's has labels of this set, and the series that they had when it was looked up is still there.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::{AtomicU64, global, size};

/// The labels of a series as words.
pub(crate) type KeyWords = [u64; 6];

/// A power of two.
const SETS: usize = size(256, 1);

/// What a slab remembers: 32 KiB. Each key has two entries to choose from.
#[derive(Debug)]
pub(super) struct ThreadSeriesCache([[Entry; 2]; SETS]);

/// One line of the processor's cache.
#[derive(Debug)]
#[repr(align(64))]
struct Entry {
    key: [AtomicU64; 6],
    /// Zero where there is nothing yet.
    epoch: AtomicU64,
    cells: AtomicU64,
}

impl ThreadSeriesCache {
    pub(super) fn boxed() -> Box<Self> {
        Box::new(Self(std::array::from_fn(|_| std::array::from_fn(|_| Entry::empty()))))
    }

    #[inline]
    fn entries(&self, key: &KeyWords, epoch: u64) -> &[Entry; 2] {
        &self.0[hash(key, epoch) % SETS]
    }

    /// Returns the bits of the cells that were found for a key in this epoch.
    #[inline]
    pub(super) fn get(&self, key: &KeyWords, epoch: u64) -> Option<u64> {
        let [latest, former] = self.entries(key, epoch);
        latest.find(key, epoch).or_else(|| former.find(key, epoch))
    }

    /// Keeps what was looked up since the set had this epoch.
    pub(super) fn insert(&self, key: &KeyWords, epoch: u64, cells: u64) {
        let [latest, former] = self.entries(key, epoch);
        let words = latest.key.iter().map(|word| word.load(Relaxed));
        former.fill(words, latest.epoch.load(Relaxed), latest.cells.load(Relaxed));
        latest.fill(*key, epoch, cells);
    }
}

impl Entry {
    fn empty() -> Self {
        Self { key: crate::sync::zeroes(), epoch: AtomicU64::new(0), cells: AtomicU64::new(0) }
    }

    #[inline]
    fn find(&self, key: &KeyWords, epoch: u64) -> Option<u64> {
        let same = self.key.iter().zip(key).all(|(known, word)| known.load(Relaxed) == *word);
        (same && self.epoch.load(Relaxed) == epoch).then(|| self.cells.load(Relaxed))
    }

    fn fill(&self, words: impl IntoIterator<Item = u64>, epoch: u64, cells: u64) {
        self.key.iter().zip(words).for_each(|(to, word)| to.store(word, Relaxed));
        self.epoch.store(epoch, Relaxed);
        self.cells.store(cells, Relaxed);
    }
}

/// An epoch that no set of series has had; not zero.
pub(crate) fn next_epoch() -> u64 {
    global! { LAST: AtomicU64 = AtomicU64::new(0) }
    // An odd factor keeps numbers apart, and the epochs of two families differ in many bits, for the hash.
    LAST.fetch_add(1, Relaxed).wrapping_add(1).wrapping_mul(MIX)
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Strings that collide cost a look-up in the family's table, which has a hash that nobody can foresee.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the upper bits, which are mixed best
fn hash([first, second, third, fourth, last, number]: &KeyWords, epoch: u64) -> usize {
    let (one, other) = (first ^ third ^ epoch, second ^ fourth ^ last);
    (one.wrapping_add(*number) ^ other.rotate_left(29)).wrapping_mul(MIX) as usize >> 40
}
