//! Label sets as keys of a thread's cache of series.

use super::capped::CappedText;
use crate::cell::KeyWords;

/// A label set with one capped string as plain words, in which equal label sets of a family are equal.
///
/// Every look-up makes one, and compares it in registers.
#[derive(Clone, Copy, Debug, Default)]
pub struct CacheKey {
    /// The words of the string, and the position of the label set if that of the string were zero.
    words: KeyWords,
    /// Number of strings; two if the label set has no key for another reason.
    texts: u8,
}

impl CacheKey {
    const POSITION: usize = 5;

    /// Goes on to a label with `size` positions.
    #[inline]
    pub fn widen(&mut self, size: usize) {
        self.words[Self::POSITION] = self.words[Self::POSITION].wrapping_mul(size as u64);
    }

    /// Adds the position of a label's value.
    #[inline]
    pub(super) fn add_position(&mut self, position: usize) {
        self.words[Self::POSITION] = self.words[Self::POSITION].wrapping_add(position as u64);
    }

    /// Adds a label's string.
    #[inline]
    pub(super) fn add_text(&mut self, text: &CappedText) {
        let [first, second, third, fourth, last] = *text.short().words();
        self.words = [first, second, third, fourth, last, self.words[Self::POSITION]];
        self.texts = self.texts.saturating_add(1);
    }

    /// Leaves the label set without a key.
    #[inline]
    pub(super) fn give_up(&mut self) {
        self.texts = 2;
    }

    /// Returns the words if there is one string. All strings that are too long have the same words, see
    /// [`position`](Self::position).
    #[inline]
    pub(crate) fn words(&self) -> Option<&KeyWords> {
        (self.texts == 1).then_some(&self.words)
    }

    /// Returns the position of the label set if that of the string were zero; `None` if the words do not identify the string.
    pub(crate) fn position(&self) -> Option<u64> {
        let [.., last, position] = self.words;
        (self.texts == 1 && last != u64::MAX).then_some(position)
    }
}

/// Returns the key of a series of a dynamic family, by the positions of its values; `None` if it does not fit.
#[inline]
pub(crate) fn key_of_values(value_ids: &[usize]) -> Option<KeyWords> {
    let mut words = KeyWords::default();
    for (at, id) in value_ids.iter().enumerate() {
        let word = words.get_mut(at / 2)?;
        *word |= u64::from(u32::try_from(*id).ok()?) << (at % 2 * 32);
    }
    Some(words)
}
