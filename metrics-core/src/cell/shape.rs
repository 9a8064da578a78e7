//! The slots of one series: how many, and of which kind.

/// The slots of one series, as far as their allocation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesShape {
    /// How many slots the series has.
    pub(crate) width: usize,
    /// What the one of them holds that is told from the others, which hold integers: the first, or of marks the second.
    pub(crate) special: CellKind,
}

impl SeriesShape {
    /// Which slot holds what is special.
    #[inline]
    pub(crate) const fn special_at(self) -> usize {
        matches!(self.special, CellKind::Mark) as usize
    }

    /// What a slot holds.
    #[inline]
    pub(crate) const fn word(self, at: usize) -> CellKind {
        if at == self.special_at() { self.special } else { CellKind::Integer }
    }
}

/// What a slot holds. A range of slots only ever goes to owners of the same shape: integers' bits do not add up as floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CellKind {
    /// Integers that add up, wrapping.
    Integer,
    /// Floating-point numbers that add up.
    Float,
    /// A value in the shared cell alone.
    Shared,
    /// Not zero where something was, in the shared cell at least if in any; it stays, and counts for nothing.
    Mark,
}
