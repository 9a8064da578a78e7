//! Strings of one capped label, and their positions.

use std::{
    collections::HashMap,
    hash::BuildHasher,
    sync::{
        PoisonError,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
};

use super::{
    OTHER,
    capped::Text,
    short::{Short, WORDS},
};
use crate::{
    cell::{CellKind, SeriesShape, Slots},
    sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, MutexGuard, OnceBox, RandomState},
};

/// The strings of one capped label.
///
/// A map behind a lock has the truth. Short strings are also in a table with open addressing that is read without a lock: a
/// look-up writes nothing, and compares the whole string.
#[derive(Debug)]
pub(crate) struct Interner {
    limit: usize,
    /// Set where strings keep their positions for good.
    keeps: bool,
    seeds: [u64; 2],
    table: OnceBox<Box<[Entry]>>,
    strings: Mutex<Strings>,
    /// Set while there is no room for a further string.
    full: AtomicBool,
    /// Counts the look-ups that came past the limit.
    overflow: Slots,
}

/// An entry of the table: a string and its position.
#[derive(Debug, Default)]
struct Entry {
    /// The position plus one; zero where the entry is free.
    position: AtomicU32,
    words: [AtomicU64; WORDS],
}

#[derive(Debug, Default)]
struct Strings {
    positions: HashMap<Box<str>, usize, RandomState>,
    /// By position: the string, and the number of series that have it.
    values: Vec<Option<(Box<str>, usize)>>,
    /// Positions without a string.
    free: Vec<usize>,
}

impl Interner {
    pub(super) fn new(limit: usize, keeps: bool) -> Self {
        Self {
            limit,
            keeps,
            seeds: seeds(),
            table: OnceBox::new(),
            strings: Mutex::default(),
            full: AtomicBool::new(limit == 0),
            overflow: Slots::allocate(1, SeriesShape { width: 1, special: CellKind::Integer })
                .unwrap_or(Slots::sink()),
        }
    }

    /// Number of look-ups that came past the limit.
    pub(super) fn overflow(&self) -> u64 {
        self.overflow.cells().sum(0)
    }

    /// The position of a string, if it has one; the limit for the name of the rest.
    pub(super) fn search(&self, text: &Text) -> Option<usize> {
        let string = text.to_label_value();
        if *string == *OTHER { Some(self.limit) } else { self.lock().positions.get(&*string).copied() }
    }

    /// Returns the position of a string, which keeps it for good; the limit past it, which is not counted.
    pub(super) fn intern(&self, text: &Text) -> usize {
        let mut strings = self.lock();
        let position = self.find_or_insert(&mut strings, text);
        if let Some(Some((_, series))) = strings.values.get_mut(position) {
            *series += 1;
        }
        position
    }

    /// Returns the position of a string; the limit past it, which is not counted.
    pub(super) fn position_uncounted(&self, text: &Text) -> usize {
        self.find(text.short()).unwrap_or_else(|| self.find_again(text))
    }

    /// Returns whether a position is one of a string that keeps it for good.
    pub(crate) fn keeps(&self, position: usize) -> bool {
        self.keeps && position < self.limit
    }

    /// Counts an observation past the limit.
    pub(super) fn note_overflow(&self) {
        self.overflow.cells().add(0, 1);
    }

    /// Returns the position of a short string that is in the table; long ones are not.
    #[inline]
    pub(super) fn find(&self, short: &Short) -> Option<usize> {
        let table = self.table.get()?;
        let mask = table.len() - 1;
        let mut at = hash(self.seeds, short) & mask;
        loop {
            let entry = table.get(at)?;
            let position = entry.position.load(Acquire).checked_sub(1)?;
            if entry.holds(short) {
                return Some(position as usize);
            }
            at = (at + 1) & mask;
        }
    }

    /// Returns the position of a string, the limit itself for all that come past it.
    #[cold]
    #[inline(never)]
    pub(super) fn position_slowly(&self, text: &Text) -> usize {
        let other = text.with_bytes(|bytes| bytes == OTHER.as_bytes());
        let position = if other { self.limit } else { self.find_again(text) };
        if position == self.limit && !other {
            self.note_overflow();
        }
        position
    }

    /// Returns the position of a string that was not in the table a moment ago; the limit past it.
    fn find_again(&self, text: &Text) -> usize {
        // Where there is no room, a short string that is not in the table is nowhere; that takes no lock. The table is looked
        // through again, as the string may be the one that has taken the last position since it was.
        if text.is_short() && self.full.load(Acquire) && !text.has_separators() {
            return self.find(text.short()).unwrap_or(self.limit);
        }
        self.find_or_insert(&mut self.lock(), text)
    }

    /// Returns the position of a string, which gets one if there is room.
    fn find_or_insert(&self, strings: &mut Strings, text: &Text) -> usize {
        let string = text.to_label_value();
        if let Some(position) = strings.positions.get(&string) {
            return *position;
        }
        let next = if *string == *OTHER { None } else { strings.next_position(self.limit) };
        let Some(position) = next else { return self.limit };
        if let Some(value) = strings.values.get_mut(position) {
            *value = Some((string.clone(), 0));
        }
        if let Some(short) = Short::new(string.as_bytes()) {
            self.publish(&short, position);
        }
        strings.positions.insert(string, position);
        self.full.store(strings.is_full(self.limit), Release);
        position
    }

    fn lock(&self) -> MutexGuard<'_, Strings> {
        self.strings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a short string in the table; under the lock.
    fn publish(&self, short: &Short, position: usize) {
        let table = self.table.get_or_init(|| {
            Box::new(std::iter::repeat_with(Entry::default).take(table_length(self.limit)).collect())
        });
        let (mask, start) = (table.len() - 1, hash(self.seeds, short));
        let mut entries = (0..table.len()).filter_map(|step| table.get(start.wrapping_add(step) & mask));
        if let (Some(entry), Ok(position)) =
            (entries.find(|entry| entry.position.load(Relaxed) == 0), u32::try_from(position + 1))
        {
            for (to, word) in entry.words.iter().zip(short.words()) {
                to.store(*word, Relaxed);
            }
            entry.position.store(position, Release);
        }
    }

    /// The string at a position; none for the last, which is [`OTHER`].
    pub(crate) fn text_at(&self, position: usize) -> Option<String> {
        let strings = self.lock();
        strings.values.get(position)?.as_ref().map(|(text, _)| text.to_string())
    }

    /// Notes that a series with the string at a position was made.
    pub(super) fn retain(&self, position: usize) {
        if let Some(Some((_, series))) = self.lock().values.get_mut(position) {
            *series += 1;
        }
    }

    /// Notes that a series with the string at a position was removed; with the last one the string makes room for another.
    pub(super) fn release(&self, position: usize) {
        let mut strings = self.lock();
        if let Some(Some((_, series))) = strings.values.get_mut(position) {
            *series = series.saturating_sub(1);
        }
        self.forget_unused(&mut strings, position);
    }

    fn forget_unused(&self, strings: &mut Strings, position: usize) {
        let value = strings.values.get_mut(position).filter(|_| !self.keeps);
        if let Some((text, _)) = value.and_then(|value| value.take_if(|(_, series)| *series == 0)) {
            strings.positions.remove(&text);
            strings.free.push(position);
            self.full.store(false, Relaxed);
            self.rebuild(strings);
        }
    }

    /// Makes the table anew, which has no way to take one entry out; under the lock.
    fn rebuild(&self, strings: &Strings) {
        let Some(table) = self.table.get() else { return };
        for entry in table {
            entry.position.store(0, Release);
        }
        for (text, position) in &strings.positions {
            if let Some(short) = Short::new(text.as_bytes()) {
                self.publish(&short, *position);
            }
        }
    }
}

/// Seeds of an interner's own, so that nobody can choose strings that collide.
fn seeds() -> [u64; 2] {
    let random = RandomState::default();
    [random.hash_one(0_u8), random.hash_one(1_u8)]
}

fn table_length(limit: usize) -> usize {
    (limit * 2).next_power_of_two().max(2)
}

/// A hash: products, folded.
#[inline]
#[allow(clippy::cast_possible_truncation)] // both halves are used; any part of the hash will do
fn hash([seed, other_seed]: [u64; 2], short: &Short) -> usize {
    let fold = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        product as u64 ^ (product >> 64) as u64
    };
    let [first, second, third, fourth, last] = *short.words();
    let state = fold(first ^ seed, second ^ other_seed ^ last.rotate_left(32));
    if short.is_tiny() {
        return state as usize;
    }
    fold(state ^ third, fourth ^ seed.rotate_left(32)) as usize
}

/// The entry at which a model's interner looks a string up first.
#[cfg(all(test, metrics_core_loom))]
pub(crate) fn entry_of(limit: usize, text: &Text) -> usize {
    hash(seeds(), text.short()) & (table_length(limit) - 1)
}

impl Entry {
    /// Returns whether it has this string, as far as the words are those of the position that was read before.
    #[inline]
    fn holds(&self, short: &Short) -> bool {
        // The words at once: the strings are mostly the same, and a branch for each word costs more than it saves.
        let differ = |at: usize| self.words[at].load(Relaxed) ^ short.words()[at];
        let ends = differ(0) | differ(1) | differ(4);
        // A string of the same length is tiny as well, and its other words are zero.
        if short.is_tiny() { ends == 0 } else { ends | differ(2) | differ(3) == 0 }
    }
}

impl Strings {
    fn is_full(&self, limit: usize) -> bool {
        self.free.is_empty() && self.values.len() == limit
    }

    fn next_position(&mut self, limit: usize) -> Option<usize> {
        if let Some(position) = self.free.pop() {
            return Some(position);
        }
        if self.is_full(limit) {
            return None;
        }
        self.values.push(None);
        Some(self.values.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Capped, *};

    fn text(text: &str) -> Text {
        Capped::<0>::from(text).text().clone()
    }

    impl Interner {
        fn position(&self, text: &Text) -> usize {
            self.find(text.short()).unwrap_or_else(|| self.position_slowly(text))
        }
    }

    #[test]
    fn the_first_strings_keep_their_positions() {
        let interner = Interner::new(3, false);
        for round in 0..2 {
            for (position, string) in
                ["", "eu", "a string of more bytes than are kept in words"].iter().enumerate()
            {
                assert_eq!(interner.position(&text(string)), position, "round {round}");
                assert_eq!(interner.text_at(position).as_deref(), Some(*string));
            }
        }
        assert_eq!(interner.overflow(), 0);
        assert_eq!(interner.position(&text("us")), 3);
        assert_eq!(interner.position(&text("us")), 3);
        assert_eq!(interner.overflow(), 2);
    }

    #[test]
    fn the_name_of_the_rest_is_not_an_overflow() {
        let interner = Interner::new(1, false);
        assert_eq!(interner.position(&text(OTHER)), 1);
        assert_eq!(interner.overflow(), 0);
        assert_eq!(interner.position(&text("eu")), 0);
    }

    #[test]
    fn a_string_without_series_makes_room() {
        let interner = Interner::new(1, false);
        assert_eq!(interner.position(&text("eu")), 0);
        interner.retain(0);
        interner.retain(0);
        interner.release(0);
        assert_eq!(interner.position(&text("us")), 1);
        interner.release(0);
        assert_eq!(interner.position(&text("us")), 0);
        assert_eq!(interner.position(&text("eu")), 1);
        assert_eq!(interner.text_at(0).as_deref(), Some("us"));
    }

    #[test]
    fn a_string_that_is_kept_makes_no_room() {
        let interner = Interner::new(1, true);
        assert_eq!(interner.position(&text("eu")), 0);
        interner.retain(0);
        interner.release(0);
        assert_eq!((interner.position(&text("us")), interner.position(&text("eu"))), (1, 0));
    }

    #[test]
    fn a_search_gives_no_position() {
        let interner = Interner::new(1, false);
        assert_eq!(interner.search(&text("eu")), None);
        assert_eq!(interner.position(&text("us")), 0);
        let long = "a string of more bytes than are kept in words";
        let found = ["us", "eu", OTHER, long].map(|string| interner.search(&text(string)));
        assert_eq!(found, [Some(0), None, Some(1), None]);
        assert_eq!(interner.overflow(), 0);
    }

    #[test]
    fn threads_agree_on_positions() {
        let interner = Interner::new(64, false);
        let seen = || (0..100).map(|n| interner.position(&text(&format!("value {n}")))).collect::<Vec<_>>();
        let results = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(seen)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
        });
        let settled = seen();
        for result in results {
            // A position never changes; a string that came past the limit stays there.
            assert_eq!(result, settled);
        }
        assert_eq!(settled.iter().filter(|position| **position == 64).count(), 36);
    }
}
