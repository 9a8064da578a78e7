//! Capped strings: which position a string has.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};

use once_cell::{race::OnceBox, sync::Lazy};

use super::{Dimension, OTHER};
use crate::cell::{self, Shape, Slots, Word};

/// The strings of one capped label, in the order in which they came.
///
/// A hash table with open addressing that only ever gains entries, so that finding a string takes no lock: a look-up writes
/// nothing and compares the whole string. It is at most half full.
#[derive(Debug)]
pub(crate) struct Interner {
    limit: usize,
    table: OnceBox<Table>,
    full: AtomicBool,
    count: Mutex<usize>,
    /// Counts the look-ups that came past the limit.
    overflow: Slots,
}

#[derive(Debug)]
struct Table {
    /// A power of two of them, at least twice as many as the limit.
    entries: Box<[OnceBox<Entry>]>,
    /// Where the entry of each position is.
    places: Box<[AtomicUsize]>,
}

#[derive(Debug)]
struct Entry {
    hash: u64,
    position: usize,
    text: Box<str>,
}

impl Interner {
    pub(crate) fn new(limit: usize) -> Self {
        let shape = Shape { width: 1, last: Word::Integer };
        Self {
            limit,
            table: OnceBox::new(),
            full: AtomicBool::new(limit == 0),
            count: Mutex::new(0),
            overflow: Slots::allocate(1, shape).unwrap_or(Slots::sink()),
        }
    }

    /// How often a string came past the limit.
    pub(crate) fn overflow(&self) -> u64 {
        cell::sum(self.overflow.first())
    }

    /// The position of a string, the limit itself for all that come past it.
    pub(crate) fn position(&self, bytes: &[u8]) -> usize {
        let hash = hash(bytes);
        match self.find(hash, bytes) {
            Ok(entry) => entry.position,
            Err(_) if bytes == OTHER.as_bytes() => self.limit,
            Err(_) if self.full.load(Relaxed) => {
                cell::add(self.overflow.first(), 1);
                self.limit
            }
            Err(_) => self.insert(hash, bytes),
        }
    }

    /// The string at a position; none for the last, which is [`OTHER`].
    pub(crate) fn text_at(&self, position: usize) -> Option<&str> {
        let table = self.table.get()?;
        let entry = table.entries.get(table.places.get(position)?.load(Relaxed))?.get()?;
        (entry.position == position).then_some(&*entry.text)
    }

    /// The entry of a string, or the place where it would go.
    fn find(&self, hash: u64, bytes: &[u8]) -> Result<&Entry, usize> {
        let entries = &self.table().entries;
        let mask = entries.len() - 1;
        #[allow(clippy::cast_possible_truncation)] // any part of the hash will do
        let mut place = hash as usize & mask;
        loop {
            match entries.get(place).and_then(OnceBox::get) {
                None => return Err(place),
                Some(entry) if entry.hash == hash && entry.text.as_bytes() == bytes => return Ok(entry),
                Some(_) => place = (place + 1) & mask,
            }
        }
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            let length = (self.limit * 2).next_power_of_two().max(2);
            let entries = std::iter::repeat_with(OnceBox::new).take(length).collect();
            let places = std::iter::repeat_with(AtomicUsize::default).take(self.limit).collect();
            Box::new(Table { entries, places })
        })
    }

    #[cold]
    fn insert(&self, hash: u64, bytes: &[u8]) -> usize {
        let mut count = self.count.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = match self.find(hash, bytes) {
            Ok(entry) => return entry.position,
            Err(place) => place,
        };
        if *count == self.limit {
            cell::add(self.overflow.first(), 1);
            return self.limit;
        }
        let position = *count;
        let text = String::from_utf8_lossy(bytes).into();
        let table = self.table();
        if let Some(at) = table.places.get(position) {
            at.store(place, Relaxed);
        }
        if let Some(entry) = table.entries.get(place) {
            let _only_writer = entry.set(Box::new(Entry { hash, position, text }));
        }
        *count += 1;
        self.full.store(*count == self.limit, Relaxed);
        position
    }
}

/// A hash with a seed of the process, so that nobody can choose strings that collide: 8 bytes a step, folded.
fn hash(bytes: &[u8]) -> u64 {
    static SEED: Lazy<u64> = Lazy::new(|| RandomState::new().hash_one(0_u8) | 1);
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

    let fold = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * u128::from(MULTIPLIER ^ *SEED);
        #[allow(clippy::cast_possible_truncation)] // both halves are used
        let folded = product as u64 ^ (product >> 64) as u64;
        folded
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let state = words.iter().fold(*SEED, |state, word| fold(state, u64::from_le_bytes(*word)));
    fold(fold(state, u64::from_le_bytes(last)), bytes.len() as u64)
}

/// The interners of a family's capped labels; a finite label has none.
#[derive(Clone, Debug, Default)]
pub struct Interners(Box<[Option<Arc<Interner>>]>);

impl Interners {
    /// Interners for the capped ones among these labels.
    pub(crate) fn new(dimensions: &[Dimension]) -> Self {
        let interner = |dimension: &Dimension| dimension.limit().map(|limit| Arc::new(Interner::new(limit)));
        Self(dimensions.iter().map(interner).collect())
    }

    /// These interners.
    pub(crate) fn of(interners: impl IntoIterator<Item = Option<Arc<Interner>>>) -> Self {
        Self(interners.into_iter().collect())
    }

    /// The interner of the label at a place, where it is capped.
    pub(crate) fn get(&self, at: usize) -> Option<&Arc<Interner>> {
        self.0.get(at)?.as_ref()
    }

    /// The position of a string in the label at a place.
    pub(crate) fn position(&self, at: usize, bytes: &[u8]) -> usize {
        self.get(at).map_or(0, |interner| interner.position(bytes))
    }

    /// How often a string came past a limit, or `None` where no label is capped.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.0.iter().flatten().map(|interner| interner.overflow()).reduce(u64::wrapping_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_strings_keep_their_positions() {
        let interner = Interner::new(3);
        for round in 0..2 {
            for (position, text) in ["", "eu", "a string of more than eight bytes"].iter().enumerate() {
                assert_eq!(interner.position(text.as_bytes()), position, "round {round}");
                assert_eq!(interner.text_at(position), Some(*text));
            }
        }
        assert_eq!(interner.overflow(), 0);
        assert_eq!(interner.position(b"us"), 3);
        assert_eq!(interner.position(b"us"), 3);
        assert_eq!(interner.overflow(), 2);
    }

    #[test]
    fn the_name_of_the_rest_is_not_an_overflow() {
        let interner = Interner::new(1);
        assert_eq!(interner.position(OTHER.as_bytes()), 1);
        assert_eq!(interner.overflow(), 0);
        assert_eq!(interner.position(b"eu"), 0);
    }

    #[test]
    fn threads_agree_on_positions() {
        let interner = Interner::new(64);
        let seen =
            || (0..100).map(|n| interner.position(format!("value {n}").as_bytes())).collect::<Vec<_>>();
        let results = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(seen)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
        });
        let settled = seen();
        for result in results {
            assert_eq!(result, settled);
        }
        assert_eq!(settled.iter().filter(|position| **position == 64).count(), 36);
    }
}
