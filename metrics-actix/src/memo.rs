//! Values by their keys, each found in a step or two however many there are.

/// Values by their keys. There are as many as combinations of label values have been seen, which is what limits them.
///
/// A table with a place for each hash; who finds it taken goes on to the next one. At most half of the places are taken.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    places: Vec<Option<(u128, V)>>,
    len: usize,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { places: Vec::new(), len: 0 }
    }
}

impl<V> Memo<V> {
    /// The value of a key.
    #[inline]
    pub(crate) fn get(&self, key: u128) -> Option<&V> {
        let mut at = hash(key);
        loop {
            match self.places.get(at & self.places.len().wrapping_sub(1))? {
                Some((known, value)) if *known == key => return Some(value),
                Some(_) => at += 1,
                None => return None,
            }
        }
    }

    /// Keeps the value of a key that has none.
    #[cold]
    pub(crate) fn insert(&mut self, key: u128, value: V) {
        if (self.len + 1) * 2 > self.places.len() {
            let more = (self.places.len() * 2).max(4);
            let places =
                std::mem::replace(&mut self.places, std::iter::repeat_with(|| None).take(more).collect());
            for (key, value) in places.into_iter().flatten() {
                self.put(key, value);
            }
        }
        self.put(key, value);
        self.len += 1;
    }

    fn put(&mut self, key: u128, value: V) {
        let (mask, mut at) = (self.places.len() - 1, hash(key));
        while self.places[at & mask].is_some() {
            at += 1;
        }
        self.places[at & mask] = Some((key, value));
    }
}

/// Nobody but the service chooses keys, so that a quick hash will do.
#[inline]
#[allow(clippy::cast_possible_truncation)] // both halves are used
fn hash(key: u128) -> usize {
    let folded = (key as u64).wrapping_add(((key >> 64) as u64).wrapping_mul(0xA076_1D64_78BD_642F));
    let product = u128::from(folded) * 0x9E37_79B9_7F4A_7C15;
    (product as u64 ^ (product >> 64) as u64) as usize
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
            assert_eq!(memo.get(key(number)), None);
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
        // As they are: routes above, methods below, and numbers of combinations between them.
        for shift in [0, 32] {
            let keys = (0..64).flat_map(|low: u128| (0..64).map(move |high: u128| high << 64 | low << shift));
            let mut places: Vec<_> = keys.map(|key| hash(key) & 0xFFFF).collect();
            places.sort_unstable();
            places.dedup();
            assert!(places.len() > 3500, "{} of 4096 keys have a place of their own", places.len());
        }
    }
}
