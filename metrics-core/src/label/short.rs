//! Short strings as a fixed number of words: hashed and compared without a loop over bytes.

/// Length of the longest short string in bytes.
pub(crate) const LONGEST: usize = WORDS * 8 - 1;

/// Length of the longest string that needs only the first two words and the last.
const TINY: usize = 16;

pub(crate) const WORDS: usize = 5;

/// A string of at most [`LONGEST`] bytes. The last byte is its length; the others are the string's first bytes and its last
/// bytes, which may overlap, so that whole words are copied.
///
/// | length | words |
/// |---|---|
/// | 0 to 3 | the first byte, the middle one and the last |
/// | 4 to 7 | the first four bytes and the last four |
/// | 8 to 16 | the first eight and the last eight |
/// | 17 to 32 | the first sixteen and the last sixteen |
/// | 33 to 39 | the first thirty-two, and the rest |
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ShortString([u64; WORDS]);

impl ShortString {
    /// The words of all longer strings.
    pub(crate) const LONG: Self = Self([0, 0, 0, 0, u64::MAX]);

    /// Creates the words of a string of at most [`TINY`] bytes.
    #[inline]
    pub(crate) fn of_tiny(bytes: &[u8]) -> Option<Self> {
        let length = (bytes.len() as u64) << 56;
        let words = match (first_word(bytes), last_word(bytes)) {
            (Some(first), Some(last)) => (first, last),
            _ => (pack_few(bytes), 0),
        };
        (bytes.len() <= TINY).then_some(Self([words.0, words.1, 0, 0, length]))
    }

    /// Creates the words of a string, or `None` if it is longer than [`LONGEST`].
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() <= TINY {
            return Self::of_tiny(bytes);
        }
        let length = (bytes.len() as u64) << 56;
        let word = |at: usize| first_word(bytes.get(at..)?);
        let (first, second) = (word(0)?, word(8)?);
        match bytes.len() {
            0..=32 => Some(Self([first, second, word(bytes.len() - 16)?, last_word(bytes)?, length])),
            33..=LONGEST => {
                let rest = last_word(bytes)? >> (8 * (WORDS * 8 - bytes.len()));
                Some(Self([first, second, word(16)?, word(24)?, rest | length]))
            }
            _ => None,
        }
    }

    #[inline]
    pub(crate) const fn of_words(words: [u64; WORDS]) -> Self {
        Self(words)
    }

    #[inline]
    pub(crate) const fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    /// Returns whether the third and the fourth word are zero, and the last is the length alone.
    #[inline]
    pub(crate) const fn is_tiny(&self) -> bool {
        self.length() <= TINY
    }

    #[inline]
    const fn length(&self) -> usize {
        let [.., last] = self.0;
        (last >> 56) as usize
    }

    /// Calls a function with the bytes of the string.
    pub(crate) fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        let length = self.length();
        let mut bytes = [0; WORDS * 8];
        for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *place = word.to_le_bytes();
        }
        // Start and number of the last bytes.
        let (from, count) = match length {
            0..=3 => {
                let [first, middle, last, ..] = bytes;
                (bytes[0], bytes[1]) = (first, if length == 3 { middle } else { last });
                (2, length.saturating_sub(2))
            }
            4..=7 => (4, 4),
            8..=16 => (8, 8),
            17..=32 => (16, 16),
            _ => (32, length - 32),
        };
        bytes.copy_within(from..from + count, length - count);
        with(bytes.get(..length).unwrap_or_default())
    }
}

#[inline]
fn first_word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|word| u64::from_le_bytes(*word))
}

#[inline]
fn last_word(bytes: &[u8]) -> Option<u64> {
    bytes.last_chunk().map(|word| u64::from_le_bytes(*word))
}

/// Packs up to seven bytes into a word, in two or three reads that overlap.
#[inline]
fn pack_few(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        (_, _, [first, .., last]) => {
            let middle = u64::from(bytes[bytes.len() / 2]);
            u64::from(*first) | middle << 8 | u64::from(*last) << 16
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
        let mut seen = Vec::new();
        for length in 0..=LONGEST {
            let bytes = &text.as_bytes()[..length];
            let short = ShortString::new(bytes).expect("a short string");
            short.with_bytes(|back| assert_eq!(back, bytes));
            let [.., third, fourth, last] = *short.words();
            assert_eq!(short.is_tiny(), (third, fourth, last << 8) == (0, 0, 0), "{length}");
            assert!(!seen.contains(&short));
            seen.push(short);
        }
        assert_eq!(ShortString::new(&text.as_bytes()[..=LONGEST]), None);
    }

    #[test]
    fn strings_that_differ_in_one_byte_differ() {
        for length in 1..=LONGEST {
            let bytes = vec![b'a'; length];
            let short = ShortString::new(&bytes);
            for at in 0..length {
                let mut other = bytes.clone();
                other[at] = b'b';
                assert_ne!(ShortString::new(&other), short, "byte {at} of {length}");
            }
        }
    }

    #[test]
    fn strings_that_differ_in_zeroes_differ() {
        assert_ne!(ShortString::new(b"a"), ShortString::new(b"a\0"));
        assert_ne!(ShortString::new(b""), ShortString::new(b"\0"));
    }
}
