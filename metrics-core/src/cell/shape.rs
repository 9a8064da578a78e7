//! Number and kinds of the slots of one series.

/// Number and kinds of the slots of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesShape {
    /// Number of slots of the series.
    pub(crate) width: usize,
    /// Kind of the special slot, which is the first one, or the second one for marks. The others are integers.
    pub(crate) special: CellKind,
}

impl SeriesShape {
    /// Returns the index of the special slot.
    #[inline]
    pub(crate) const fn special_at(self) -> usize {
        matches!(self.special, CellKind::Mark) as usize
    }

    /// Returns the kind of a slot.
    #[inline]
    pub(crate) const fn word(self, at: usize) -> CellKind {
        if at == self.special_at() { self.special } else { CellKind::Integer }
    }
}

/// Kind of a slot's cells. A range of slots only goes to owners of the same shape, as the bits of integers do not add up as floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CellKind {
    /// Integers that are added up, wrapping.
    Integer,
    /// Nanoseconds that are added up, wrapping; the sum may be [wider](super::wide_sum) than 64 bits.
    Nanos,
    /// Floats that are added up.
    Float,
    /// Value in the shared cell only.
    Shared,
    /// Mark that is not zero once something was added. The shared cell has it if any cell has it. It is permanent.
    Mark,
}
