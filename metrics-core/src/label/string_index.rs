//! Index of short strings, which is read without a lock.

use std::{
    hash::BuildHasher,
    iter,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::short::{ShortString, WORDS};
use crate::sync::{AtomicU32, AtomicU64, OnceBox, RandomState, boxes, size};

/// Words of one string.
type Entry = [AtomicU64; WORDS];

/// Number of entries in an allocation.
const PAGE: usize = size(64, 2);

/// Hash table of positions. Its length is a power of two, and at most half of it is in use.
type Table = Box<[AtomicU32]>;

/// Length of the first table.
const LEAST: usize = size(8, 2);

/// Largest number of tables; each is twice as long as the one before.
const TABLES: usize = 21;

/// Number of bits of a position in a slot. The other bits are a part of the hash, so that few strings are compared in vain.
const POSITION_BITS: u32 = 23;

/// Positions from here on do not fit in a table.
const MOST_POSITIONS: u32 = (1 << POSITION_BITS) - 1;

/// Short strings by their hash. One thread at a time writes. A look-up writes nothing, takes no lock and compares whole strings.
///
/// A string has its entry as long as its position. A table that is too small is replaced by a longer one; a reader of the former one
/// finds the strings of that time.
#[derive(Debug)]
pub(super) struct StringIndex {
    /// Number of positions.
    limit: usize,
    seeds: [u64; 2],
    pages: OnceBox<Box<[OnceBox<[Entry; PAGE]>]>>,
    tables: [OnceBox<Table>; TABLES],
    /// Number of the table in use.
    current: AtomicU32,
}

impl StringIndex {
    pub(super) fn new(limit: usize) -> Self {
        let (seeds, current) = (seeds(), AtomicU32::new(0));
        Self {
            limit: limit.min(MOST_POSITIONS as usize),
            seeds,
            pages: OnceBox::new(),
            tables: boxes(),
            current,
        }
    }

    fn table(&self) -> Option<&Table> {
        self.tables.get(self.current.load(Acquire) as usize)?.get()
    }

    #[inline]
    fn entry(&self, position: usize) -> Option<&Entry> {
        self.pages.get()?.get(position / PAGE)?.get()?.get(position % PAGE)
    }

    /// Returns the position of a string.
    #[inline]
    pub(super) fn find(&self, short: &ShortString) -> Option<usize> {
        let table = self.table()?;
        let (mask, hash) = (table.len() - 1, hash(self.seeds, short));
        let mut at = start(hash) & mask;
        loop {
            let slot = table.get(at)?.load(Acquire);
            let position = position_of(slot)?;
            if slot >> POSITION_BITS == tag(hash) && holds(self.entry(position)?, short) {
                return Some(position);
            }
            at = (at + 1) & mask;
        }
    }

    /// Returns the string at a position, if it has a short one.
    pub(super) fn get(&self, position: usize) -> Option<ShortString> {
        let words = self.entry(position)?;
        Some(ShortString::of_words(std::array::from_fn(|at| words[at].load(Relaxed))))
    }

    /// Adds a string at an unused position; returns `false` if the position is too large. `strings` is the new number of strings. Only
    /// one thread at a time may call this.
    pub(super) fn insert(&self, short: &ShortString, position: usize, strings: usize) -> bool {
        if position >= self.limit {
            return false;
        }
        let pages = || Box::new(iter::repeat_with(OnceBox::new).take(self.limit.div_ceil(PAGE)).collect());
        let new_page = || Box::new(std::array::from_fn(|_| crate::sync::zeroes()));
        if let Some(page) = self.pages.get_or_init(pages).get(position / PAGE) {
            let entry = &page.get_or_init(new_page)[position % PAGE];
            for (to, word) in entry.iter().zip(short.words()) {
                to.store(*word, Relaxed);
            }
        }
        match self.table().filter(|table| table.len() >= strings * 2) {
            Some(table) => self.put(table, position),
            None => self.grow(position, strings),
        }
        true
    }

    /// Creates the next table with the strings of the current one and another string.
    fn grow(&self, position: usize, strings: usize) {
        let table = self.table();
        let next = if table.is_some() { self.current.load(Relaxed) + 1 } else { 0 };
        let length = table.map_or(LEAST, |table| table.len() * 2).max((strings * 2).next_power_of_two());
        let longer: Table = iter::repeat_with(|| AtomicU32::new(0)).take(length).collect();
        for position in table.into_iter().flatten().filter_map(taken).chain([position]) {
            self.put(&longer, position);
        }
        if let Some(place) = self.tables.get(next as usize) {
            place.get_or_init(|| Box::new(longer));
            self.current.store(next, Release);
        }
    }

    /// Removes the strings whose positions are not kept. Concurrent look-ups may miss kept strings. Only one thread at a time may call
    /// this.
    pub(super) fn retain(&self, is_kept: impl Fn(usize) -> bool) {
        let Some(table) = self.table() else { return };
        let kept: Vec<_> = table.iter().filter_map(taken).filter(|position| is_kept(*position)).collect();
        table.iter().for_each(|slot| slot.store(0, Release));
        for position in kept {
            self.put(table, position);
        }
    }

    /// Inserts the position of a string with an entry into a table with room.
    fn put(&self, table: &Table, position: usize) {
        let Some(short) = self.get(position) else { return };
        let hash = hash(self.seeds, &short);
        let slots =
            (0..table.len()).filter_map(|step| table.get(start(hash).wrapping_add(step) & (table.len() - 1)));
        let free = slots.into_iter().find(|slot| slot.load(Relaxed) == 0);
        if let (Some(slot), Ok(position)) = (free, u32::try_from(position + 1)) {
            slot.store(tag(hash) << POSITION_BITS | position, Release);
        }
    }
}

/// Returns the position in a slot of a table, if the slot is in use.
#[inline]
const fn position_of(slot: u32) -> Option<usize> {
    ((slot & MOST_POSITIONS) as usize).checked_sub(1)
}

fn taken(slot: &AtomicU32) -> Option<usize> {
    position_of(slot.load(Relaxed))
}

/// Returns the index at which a look-up begins, still without the table's mask.
#[inline]
#[allow(clippy::cast_possible_truncation)] // any part of the hash will do
const fn start(hash: u64) -> usize {
    hash as usize
}

/// Returns the part of a hash that is stored with the position.
#[inline]
const fn tag(hash: u64) -> u32 {
    (hash >> (32 + POSITION_BITS)) as u32
}

/// Returns the random seeds of an index, which prevent chosen collisions.
fn seeds() -> [u64; 2] {
    let random = RandomState::default();
    [random.hash_one(0_u8), random.hash_one(1_u8)]
}

/// Returns the hash of a string: folded products of its words.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the two halves
fn hash([seed, other_seed]: [u64; 2], short: &ShortString) -> u64 {
    let fold = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        product as u64 ^ (product >> 64) as u64
    };
    let [first, second, third, fourth, last] = *short.words();
    let state = fold(first ^ seed, second ^ other_seed ^ last.rotate_left(32));
    if short.is_tiny() { state } else { fold(state ^ third, fourth ^ seed.rotate_left(32)) }
}

/// Returns whether an entry has this string.
#[inline]
fn holds(entry: &Entry, short: &ShortString) -> bool {
    // All words at once: the strings are mostly equal, and a branch for each word costs more than it saves.
    let differ = |at: usize| entry[at].load(Relaxed) ^ short.words()[at];
    let ends = differ(0) | differ(1) | differ(4);
    // A string of the same length is tiny as well, and its other words are zero.
    if short.is_tiny() { ends == 0 } else { ends | differ(2) | differ(3) == 0 }
}

/// Index at which a model's look-up of a string begins, in a table of this length.
#[cfg(all(test, metrics_core_loom))]
pub(crate) fn start_of(length: usize, short: &ShortString) -> usize {
    start(hash(seeds(), short)) & (length - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(number: usize) -> ShortString {
        ShortString::new(format!("value {number}").as_bytes()).expect("a short string")
    }

    #[test]
    fn strings_are_found_in_every_table() {
        let index = StringIndex::new(10_000);
        for position in 0..2000 {
            assert_eq!(index.find(&short(position)), None);
            assert!(index.insert(&short(position), position, position + 1));
            assert_eq!(index.find(&short(position / 2)), Some(position / 2));
        }
        assert!((0..2000).all(|position| index.find(&short(position)) == Some(position)));
        assert!((0..2000).all(|position| index.get(position) == Some(short(position))));
        assert!(index.table().is_some_and(|table| table.len() == 4096));
    }

    #[test]
    fn strings_that_are_not_kept_are_not_found() {
        let index = StringIndex::new(100);
        for position in 0..100 {
            assert!(index.insert(&short(position), position, position + 1));
        }
        index.retain(|position| position % 3 == 0);
        for position in 0..100 {
            assert_eq!(index.find(&short(position)).is_some(), position % 3 == 0);
        }
        assert!(index.insert(&short(500), 1, 35));
        assert_eq!((index.find(&short(500)), index.find(&short(1))), (Some(1), None));
    }

    #[test]
    fn a_position_past_the_limit_is_not_taken() {
        let index = StringIndex::new(2);
        assert!(!index.insert(&short(1), 2, 1));
        assert_eq!(index.find(&short(1)), None);
        assert!(!StringIndex::new(usize::MAX).insert(&short(1), MOST_POSITIONS as usize, 1));
    }
}
