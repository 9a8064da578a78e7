//! Capped strings that are looked up once.

/// A string of a capped label that [`Family::intern`](crate::Family::intern) has looked up. It is a field of a label set, as
/// [`Capped`](super::Capped) is.
///
/// It belongs to the family that returned it: another family may have another string at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interned<const LIMIT: usize>(u32);

impl<const LIMIT: usize> Interned<LIMIT> {
    /// Creates the value of a position; all positions past the limit are one value.
    pub(crate) fn new(position: usize) -> Self {
        // The positions of a family, and so the limits of its labels, fit in 32 bits.
        Self(u32::try_from(position.min(LIMIT)).unwrap_or_default())
    }

    /// Returns the position of the string.
    #[inline]
    pub(super) const fn position(self) -> usize {
        self.0 as usize
    }
}
