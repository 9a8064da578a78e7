//! Label sets as keys of what a thread has looked up.

use super::capped::Text;
use crate::cell::KeyWords;

/// A label set with one capped string as plain words: two that are equal are the same labels of one family.
///
/// It is made for every look-up, and compared in registers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Key {
    /// The words of the string, and the position in the space of the labels where the string's own were zero.
    words: KeyWords,
    /// How many strings there are; two where there is no key for another reason.
    texts: u8,
}

impl Key {
    const NUMBER: usize = 5;

    /// Goes on to a label with so many positions.
    #[inline]
    pub fn widen(&mut self, size: usize) {
        self.words[Self::NUMBER] = self.words[Self::NUMBER].wrapping_mul(size as u64);
    }

    /// The label has this position.
    #[inline]
    pub(super) fn place(&mut self, position: usize) {
        self.words[Self::NUMBER] = self.words[Self::NUMBER].wrapping_add(position as u64);
    }

    /// The label has this string.
    #[inline]
    pub(super) fn text(&mut self, text: &Text) {
        let [first, second, third, fourth, last] = *text.short().words();
        self.words = [first, second, third, fourth, last, self.words[Self::NUMBER]];
        self.texts = self.texts.saturating_add(1);
    }

    /// There is none for these labels.
    #[inline]
    pub(super) fn give_up(&mut self) {
        self.texts = 2;
    }

    /// The words, where there is one string. Those of strings that are too long are all the same, see
    /// [`position`](Self::position).
    #[inline]
    pub(crate) fn words(&self) -> Option<&KeyWords> {
        (self.texts == 1).then_some(&self.words)
    }

    /// The position in the space of the labels where that of the string is zero; `None` where the words do not say which string
    /// it is.
    pub(crate) fn position(&self) -> Option<u64> {
        let [.., last, number] = self.words;
        (self.texts == 1 && last != u64::MAX).then_some(number)
    }
}
