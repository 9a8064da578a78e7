//! Short strings as a fixed number of words: hashed and compared without a loop over bytes.

/// The longest string that is kept without an allocation, in bytes.
pub(crate) const LONGEST: usize = WORDS * 8 - 1;

pub(crate) const WORDS: usize = 5;

/// A string of at most [`LONGEST`] bytes: its bytes, zeroes, and its length in the last byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Short([u64; WORDS]);

impl Short {
    /// The string in words, where it is short.
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > LONGEST {
            return None;
        }
        // Word by word and not through an array, so that the words stay in registers on the way to the look-up.
        let length = (bytes.len() as u64) << 56;
        let at = |place| word(bytes, place);
        Some(Self(match bytes.len() / 8 {
            0 => [at(0), 0, 0, 0, length],
            1 => [at(0), at(1), 0, 0, length],
            2 => [at(0), at(1), at(2), 0, length],
            3 => [at(0), at(1), at(2), at(3), length],
            _ => [at(0), at(1), at(2), at(3), at(4) | length],
        }))
    }

    #[inline]
    pub(crate) const fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    /// Calls `with` with the bytes.
    pub(crate) fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        let mut bytes = [0; WORDS * 8];
        for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *place = word.to_le_bytes();
        }
        let length = usize::from(bytes.last().copied().unwrap_or_default());
        with(bytes.get(..length).unwrap_or_default())
    }
}

/// The bytes of a word's place, zeroes past the end.
#[inline]
fn word(bytes: &[u8], place: usize) -> u64 {
    let Some(rest) = bytes.get(place * 8..) else { return 0 };
    rest.first_chunk().map_or_else(|| tail(rest), |whole| u64::from_le_bytes(*whole))
}

/// Up to seven bytes as a word, in two reads that overlap instead of a loop.
#[inline]
fn tail(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            u64::from(first) | u64::from(last) << (8 * (length - 4))
        }
        (_, _, [first, .., last]) => {
            let middle = u64::from(bytes[length / 2]) << (8 * (length / 2));
            u64::from(*first) | middle | u64::from(*last) << (8 * (length - 1))
        }
        (_, _, [only]) => u64::from(*only),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_all_lengths_come_back() {
        let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF";
        for length in 0..=LONGEST {
            let bytes = &text.as_bytes()[..length];
            let short = Short::new(bytes).expect("a short string");
            short.with_bytes(|back| assert_eq!(back, bytes));
        }
        assert_eq!(Short::new(&text.as_bytes()[..=LONGEST]), None);
    }

    #[test]
    fn strings_that_differ_in_zeroes_differ() {
        assert_ne!(Short::new(b"a"), Short::new(b"a\0"));
        assert_ne!(Short::new(b""), Short::new(b"\0"));
    }
}
