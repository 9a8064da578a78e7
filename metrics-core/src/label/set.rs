//! Label sets: structs whose fields are labels.

use super::{Capped, Dimension, Interned, Interners, Key, LabelValue, LabelValues};

/// The labels of a family: a struct with one field a label, `#[derive(LabelSet)]`.
///
/// If every field is a [`LabelValue`], the set is an index into a dense array: no hash, no lock, no allocation, and every
/// combination is exposed from the start. With a [`Capped`] field the strings are interned up to their limit, and a series
/// appears with its first observation.
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
    /// The labels in the order of the exposition.
    const DIMENSIONS: &'static [Dimension];

    /// Set where a field is [`Capped`].
    const CAPPED: bool;

    /// The position of this set in the space of its dimensions, the last dimension varying fastest.
    fn index(&self, interners: &Interners) -> usize;

    /// The position of a set that is a part of another, in which `first` labels stand before its own. A set with a
    /// [`Capped`] field that is implemented by hand and is to be flattened implements it too.
    fn position(&self, interners: &Interners, first: usize) -> usize {
        let _ = first;
        self.index(interners)
    }

    /// Adds the labels to the key of a thread's cache of series. Without it, each count looks the series up.
    #[doc(hidden)]
    #[inline]
    fn write_key(&self, key: &mut Key) {
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
    /// The values that the label can take.
    const VALUES: LabelValues;

    /// Number of positions that the label has.
    const SIZE: usize = Self::VALUES.size();

    /// The position of this value; `at` is the label's index in its set. A value that is none of the label's has a position
    /// past those of every set.
    fn position(&self, interners: &Interners, at: usize) -> usize;

    /// Adds the value to a key, see [`LabelSet`].
    #[doc(hidden)]
    fn write_key(&self, key: &mut Key);
}

impl Dimension {
    /// A label whose values are those of `F`.
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
        // A trait implemented by hand may be wrong; of a derived one the compiler knows that this is always so.
        if index < L::COUNT { index } else { NO_POSITION }
    }

    #[inline]
    fn write_key(&self, key: &mut Key) {
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
    fn write_key(&self, key: &mut Key) {
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
    fn write_key(&self, key: &mut Key) {
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
