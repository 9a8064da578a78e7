//! The slots of one series: how many, and of which kind.

/// The slots of one series, as far as their allocation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesShape {
    /// Number of slots of the series.
    pub(crate) width: usize,
    /// Kind of the one slot that may be no integer: the first, or of marks the second.
    pub(crate) special: CellKind,
}

impl SeriesShape {
    /// Index of the special slot.
    #[inline]
    pub(crate) const fn special_at(self) -> usize {
        matches!(self.special, CellKind::Mark) as usize
    }

    /// Kind of a slot.
    #[inline]
    pub(crate) const fn word(self, at: usize) -> CellKind {
        if at == self.special_at() { self.special } else { CellKind::Integer }
    }
}

/// Kind of a slot's cells. A range of slots only ever goes to owners of the same shape: integers' bits do not add up as floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CellKind {
    /// Integers that add up, wrapping.
    Integer,
    /// Integers that add up, wrapping: nanoseconds, whose sum may be [wider](super::wide_sum) than 64 bits.
    Nanos,
    /// Floating-point numbers that add up.
    Float,
    /// A value in the shared cell alone.
    Shared,
    /// Not zero where something was added, in the shared cell at least if in any; it stays, and counts for nothing.
    Mark,
}
