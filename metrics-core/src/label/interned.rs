//! Capped strings that are looked up once.

/// A string of a capped label that [`Family::intern`](crate::Family::intern) has looked up: a field of a label set like
/// [`Capped`](super::Capped).
///
/// It belongs to the family that gave it: another family may have another string at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interned<const LIMIT: usize>(u32);

impl<const LIMIT: usize> Interned<LIMIT> {
    /// The string at a position; those past the limit are one.
    pub(crate) fn new(position: usize) -> Self {
        // A limit has to fit the positions of a family, which are fewer than this.
        Self(u32::try_from(position.min(LIMIT)).unwrap_or_default())
    }

    /// Its position.
    #[inline]
    pub(super) const fn position(self) -> usize {
        self.0 as usize
    }
}
