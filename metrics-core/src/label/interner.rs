//! Strings of one capped label, and their positions.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
};

use super::{OTHER, capped::CappedText, short::ShortString, string_index::StringIndex};
use crate::{
    cell::{CellKind, SeriesShape, Slots},
    sync::{AtomicBool, Mutex, MutexGuard, RandomState},
};

/// The strings of one capped label.
///
/// Short strings are in an index that is read without a lock; long ones are in a map with a lock.
#[derive(Debug)]
pub(crate) struct Interner {
    limit: usize,
    /// Set if strings keep their positions permanently.
    keeps: bool,
    index: StringIndex,
    strings: Mutex<Strings>,
    /// Set while there is no room for another string.
    full: AtomicBool,
    /// Counter of the look-ups past the limit.
    overflow: Slots,
}

#[derive(Debug, Default)]
struct Strings {
    /// Number of series of each string, by position; `None` for a position without a string.
    series: Vec<Option<u32>>,
    /// Positions without a string.
    free: Vec<usize>,
    /// Positions of the strings that are not in the index.
    long: HashMap<Arc<str>, usize, RandomState>,
    long_at: HashMap<usize, Arc<str>, RandomState>,
}

impl Interner {
    pub(super) fn new(limit: usize, keeps: bool) -> Self {
        Self {
            limit,
            keeps,
            index: StringIndex::new(limit),
            strings: Mutex::default(),
            full: AtomicBool::new(limit == 0),
            overflow: Slots::allocate(1, SeriesShape { width: 1, special: CellKind::Integer })
                .unwrap_or(Slots::sink()),
        }
    }

    /// Returns the number of look-ups past the limit.
    pub(super) fn overflow(&self) -> u64 {
        self.overflow.cells().sum(0)
    }

    /// Returns the position of a string, if it has one; [`OTHER`] has the limit as its position.
    pub(super) fn search(&self, text: &CappedText) -> Option<usize> {
        let string = text.to_label_value();
        if *string == *OTHER { Some(self.limit) } else { self.find_string(&self.lock(), &string) }
    }

    /// Returns the position of a string, which then keeps it permanently; the limit if there is no room, which is not counted.
    pub(super) fn intern(&self, text: &CappedText) -> usize {
        let mut strings = self.lock();
        let position = self.find_or_insert(&mut strings, text);
        strings.retain(position);
        position
    }

    /// Returns the position of a string; the limit if there is no room, which is not counted.
    pub(super) fn position_uncounted(&self, text: &CappedText) -> usize {
        self.find(text.short()).unwrap_or_else(|| self.find_again(text))
    }

    /// Returns whether the string at a position keeps it permanently.
    pub(crate) fn keeps(&self, position: usize) -> bool {
        self.keeps && position < self.limit
    }

    /// Counts an observation past the limit.
    pub(super) fn note_overflow(&self) {
        self.overflow.cells().add(0, 1);
    }

    /// Returns the position of a short string, if it has one; does not find long strings.
    #[inline]
    pub(super) fn find(&self, short: &ShortString) -> Option<usize> {
        self.index.find(short)
    }

    /// Returns the position of a string; the limit if there is no room, which is counted.
    #[cold]
    #[inline(never)]
    pub(super) fn position_slowly(&self, text: &CappedText) -> usize {
        let other = text.with_bytes(|bytes| bytes == OTHER.as_bytes());
        let position = if other { self.limit } else { self.find_again(text) };
        if position == self.limit && !other {
            self.note_overflow();
        }
        position
    }

    /// Returns the position of a string that was not in the index a moment ago; the limit if there is no room.
    fn find_again(&self, text: &CappedText) -> usize {
        // Without room, a short string that is not in the index has no position, which needs no lock. The index is searched again,
        // as the string may have taken the last position since the first search.
        if text.is_short() && self.full.load(Acquire) && !text.has_separators() {
            return self.find(text.short()).unwrap_or(self.limit);
        }
        self.find_or_insert(&mut self.lock(), text)
    }

    /// Returns the position of a string, if it has one.
    fn find_string(&self, strings: &Strings, string: &str) -> Option<usize> {
        let short = ShortString::new(string.as_bytes());
        short.and_then(|short| self.find(&short)).or_else(|| strings.long.get(string).copied())
    }

    /// Returns the position of a string, which gets one if there is room.
    fn find_or_insert(&self, strings: &mut Strings, text: &CappedText) -> usize {
        let string = text.to_label_value();
        if let Some(position) = self.find_string(strings, &string) {
            return position;
        }
        let next = if *string == *OTHER { None } else { strings.next_position(self.limit) };
        let Some(position) = next else { return self.limit };
        let short = ShortString::new(string.as_bytes());
        let is_indexed = short.is_some_and(|short| self.index.insert(&short, position, strings.len()));
        if !is_indexed {
            strings.insert_long(string.into(), position);
        }
        self.full.store(strings.is_full(self.limit), Release);
        position
    }

    fn lock(&self) -> MutexGuard<'_, Strings> {
        self.strings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the string at a position; `None` for the last position, that of [`OTHER`].
    pub(crate) fn text_at(&self, position: usize) -> Option<String> {
        let strings = self.lock();
        (*strings.series.get(position)?)?;
        if let Some(long) = strings.long_at.get(&position) {
            return Some(String::from(&**long));
        }
        Some(self.index.get(position)?.with_bytes(|bytes| String::from_utf8_lossy(bytes).into_owned()))
    }

    /// Counts a new series with the string at a position.
    pub(super) fn retain(&self, position: usize) {
        self.lock().retain(position);
    }

    /// Uncounts removed series with the strings at these positions. A string without series makes room for another.
    pub(super) fn release(&self, positions: impl Iterator<Item = usize>) {
        let mut strings = self.lock();
        let mut is_forgotten = false;
        for position in positions {
            is_forgotten |= strings.release(position) && !self.keeps && strings.forget(position);
        }
        if is_forgotten {
            self.full.store(false, Relaxed);
            self.index.retain(|position| strings.series.get(position).is_some_and(Option::is_some));
        }
    }
}

impl Strings {
    fn len(&self) -> usize {
        self.series.len() - self.free.len()
    }

    fn is_full(&self, limit: usize) -> bool {
        self.len() == limit
    }

    /// Takes a position for a string without a series.
    fn next_position(&mut self, limit: usize) -> Option<usize> {
        if self.is_full(limit) {
            return None;
        }
        let Some(position) = self.free.pop() else {
            self.series.push(Some(0));
            return Some(self.series.len() - 1);
        };
        *self.series.get_mut(position)? = Some(0);
        Some(position)
    }

    fn insert_long(&mut self, string: Arc<str>, position: usize) {
        self.long.insert(Arc::clone(&string), position);
        self.long_at.insert(position, string);
    }

    fn retain(&mut self, position: usize) {
        if let Some(Some(series)) = self.series.get_mut(position) {
            *series = series.saturating_add(1);
        }
    }

    /// Uncounts a series of a position; returns whether none is left.
    fn release(&mut self, position: usize) -> bool {
        let Some(Some(series)) = self.series.get_mut(position) else { return false };
        *series = series.saturating_sub(1);
        *series == 0
    }

    /// Frees the position of a string; returns whether it had one.
    fn forget(&mut self, position: usize) -> bool {
        let is_forgotten = self.series.get_mut(position).and_then(Option::take).is_some();
        if is_forgotten {
            self.free.push(position);
            if let Some(string) = self.long_at.remove(&position) {
                self.long.remove(&string);
            }
        }
        is_forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Capped, *};

    fn text(text: &str) -> CappedText {
        Capped::<0>::from(text).text().clone()
    }

    impl Interner {
        fn position(&self, text: &CappedText) -> usize {
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
        interner.release([0].into_iter());
        assert_eq!(interner.position(&text("us")), 1);
        interner.release([0].into_iter());
        assert_eq!(interner.position(&text("us")), 0);
        assert_eq!(interner.position(&text("eu")), 1);
        assert_eq!(interner.text_at(0).as_deref(), Some("us"));
    }

    #[test]
    fn a_string_that_is_kept_makes_no_room() {
        let interner = Interner::new(1, true);
        assert_eq!(interner.position(&text("eu")), 0);
        interner.retain(0);
        interner.release([0].into_iter());
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
            // Positions do not change, and a string past the limit stays there.
            assert_eq!(result, settled);
        }
        assert_eq!(settled.iter().filter(|position| **position == 64).count(), 36);
    }
}
