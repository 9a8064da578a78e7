//! Values by their keys, each found in one step however many there are.

use std::{
    cell::Cell,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Values by their keys. There are as many as combinations of label values have been seen, which is what limits them.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    all: Vec<(u128, V)>,
    places: HashMap<u128, usize, BuildHasherDefault<KeyHasher>>,
    /// Where the one is that was found last: it is mostly asked for again.
    last: Cell<usize>,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { all: Vec::new(), places: HashMap::default(), last: Cell::new(0) }
    }
}

impl<V> Memo<V> {
    /// The value of a key.
    #[inline]
    pub(crate) fn get(&self, key: u128) -> Option<&V> {
        match self.all.get(self.last.get()) {
            Some((last, value)) if *last == key => Some(value),
            _ => self.look_up(key),
        }
    }

    fn look_up(&self, key: u128) -> Option<&V> {
        let place = *self.places.get(&key)?;
        self.last.set(place);
        self.all.get(place).map(|(_, value)| value)
    }

    /// Keeps the value of a key that has none.
    pub(crate) fn insert(&mut self, key: u128, value: V) {
        let place = self.all.len();
        self.all.push((key, value));
        self.places.insert(key, place);
        self.last.set(place);
    }
}

/// A hash of a key. Nobody but the service chooses keys, so that a quick one will do.
#[derive(Debug, Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are used
    fn write_u128(&mut self, key: u128) {
        let folded = key as u64 ^ ((key >> 64) as u64).rotate_left(32) ^ self.0;
        let product = u128::from(folded ^ 0x9E37_79B9_7F4A_7C15) * 0xA076_1D64_78BD_642F;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_by_its_key_and_no_other() {
        let mut memo = Memo::default();
        assert_eq!(memo.get(0), None);
        let key = |number: u128| (number << 64) | (number % 7);
        for number in 0..1000 {
            memo.insert(key(number), number);
        }
        for number in (0..1000).rev().chain([3, 3, 999]) {
            assert_eq!(memo.get(key(number)), Some(&number));
        }
        assert_eq!(memo.get(key(1000)), None);
        assert_eq!(memo.get(1), None);
    }

    #[test]
    fn keys_are_spread() {
        let hash = |key: u128| {
            let mut hasher = KeyHasher::default();
            hasher.write_u128(key);
            hasher.finish()
        };
        let keys = (0..64).flat_map(|low| (0..64_u128).map(move |high| (high << 64) | low));
        let mut places: Vec<_> = keys.map(|key| hash(key) >> 48).collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > 3500, "{} of 4096 keys have a place of their own", places.len());
    }
}
