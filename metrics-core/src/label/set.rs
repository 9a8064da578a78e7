//! Label sets: structs whose fields are labels.

use super::{CacheKey, Capped, Dimension, Interned, Interners, LabelValue, LabelValues};

/// The labels of a family: a struct with a field for each label, by `#[derive(LabelSet)]`.
///
/// If every field is a [`LabelValue`], the set is an index into a dense array, without a hash, a lock or an allocation, and every
/// combination is on the page from the start. A set with a [`Capped`] field keeps strings up to their limit, and a series appears
/// with its first observation.
///
/// ```
/// use metrics_core::{Capped, LabelSet};
///
/// #[derive(Clone, LabelSet)]
/// struct Tenant { region: Capped<10>, paid: bool }
///
/// assert!(Tenant::CAPPED);
/// assert_eq!(Tenant::DIMENSIONS[1].name(), "paid");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label set",
    label = "the labels of a family are a struct or a tuple of them",
    note = "derive `LabelSet` on a struct with one field a label; a single `LabelValue` stands in a tuple: `({Self},)`"
)]
pub trait LabelSet {
    /// Labels in the order of the page.
    const DIMENSIONS: &'static [Dimension];

    /// Set if a field is [`Capped`].
    const CAPPED: bool;

    /// Returns the position of this set in the space of its dimensions; the last dimension varies fastest.
    fn index(&self, interners: &Interners) -> usize;

    /// Returns the position of a set that is flattened into another one after `first` other labels. An implementation by hand
    /// with a [`Capped`] field needs it to be flattened.
    fn position(&self, interners: &Interners, first: usize) -> usize {
        let _ = first;
        self.index(interners)
    }

    /// Adds the labels to the key for the thread's cache. The default makes no key, so that each count looks the series up.
    #[doc(hidden)]
    #[inline]
    fn write_key(&self, key: &mut CacheKey) {
        key.give_up();
    }
}

/// A field of a [`LabelSet`]: a [`LabelValue`] or a [`Capped`] string.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a label",
    label = "its values have no known bound",
    note = "derive `LabelValue` on an enum, or write `Capped<100>` for a string of which the first 100 are kept"
)]
pub trait LabelField {
    /// Values that the label can take.
    const VALUES: LabelValues;

    /// Number of positions of the label.
    const SIZE: usize = Self::VALUES.size();

    /// Returns the position of this value; `at` is the index of the label in its set. A value that is not one of
    /// [`VALUES`](Self::VALUES) has a position past those of every set.
    fn position(&self, interners: &Interners, at: usize) -> usize;

    /// Adds the value to a key, see [`LabelSet`].
    #[doc(hidden)]
    fn write_key(&self, key: &mut CacheKey);
}

impl Dimension {
    /// Creates a label with the values of `F`.
    pub const fn of<F: LabelField>(name: &'static str) -> Self {
        Self::new(name, F::VALUES)
    }
}

/// A position past those of every set, whatever labels come after.
#[cfg(target_pointer_width = "64")]
const NO_POSITION: usize = 1 << 40;
#[cfg(not(target_pointer_width = "64"))]
const NO_POSITION: usize = 1 << 22;

impl<L: LabelValue> LabelField for L {
    const VALUES: LabelValues = LabelValues::Finite { count: L::COUNT, text_at: L::name_at };

    #[inline]
    fn position(&self, _: &Interners, _: usize) -> usize {
        let index = self.index();
        // An implementation by hand may be wrong. The compiler removes the check for derived ones.
        if index < L::COUNT { index } else { NO_POSITION }
    }

    #[inline]
    fn write_key(&self, key: &mut CacheKey) {
        key.widen(L::COUNT);
        let index = self.index();
        if index < L::COUNT { key.add_position(index) } else { key.give_up() }
    }
}

impl<const LIMIT: usize> LabelField for Capped<LIMIT> {
    const VALUES: LabelValues = LabelValues::Capped { limit: LIMIT, optional: false };

    #[inline]
    fn position(&self, interners: &Interners, at: usize) -> usize {
        interners.position(at, self.text())
    }

    #[inline]
    fn write_key(&self, key: &mut CacheKey) {
        key.widen(LIMIT + 1);
        key.add_text(self.text());
    }
}

impl<const LIMIT: usize> LabelField for Interned<LIMIT> {
    const VALUES: LabelValues = LabelValues::Capped { limit: LIMIT, optional: false };

    #[inline]
    fn position(&self, interners: &Interners, at: usize) -> usize {
        let position = Self::position(*self);
        if position == LIMIT {
            interners.note_overflow(at);
        }
        position
    }

    #[inline]
    fn write_key(&self, key: &mut CacheKey) {
        key.widen(LIMIT + 1);
        let position = Self::position(*self);
        // A string past the limit is counted each time.
        if position == LIMIT { key.give_up() } else { key.add_position(position) }
    }
}

/// The set without labels: one series.
impl LabelSet for () {
    const DIMENSIONS: &'static [Dimension] = &[];
    const CAPPED: bool = false;

    #[inline]
    fn index(&self, _: &Interners) -> usize {
        0
    }
}
