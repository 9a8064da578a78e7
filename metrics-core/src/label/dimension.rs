//! One label of a family, as the storage sees it.

use super::{LabelField, OTHER};

/// One label of a family: its name and the values it can take.
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    name: &'static str,
    size: usize,
    /// The text of a value, or `None` where values are interned: the first ones seen, then [`OTHER`] in the last position.
    name_at: Option<fn(usize) -> &'static str>,
    /// Whether an interned value may be absent, which has a place of its own beside those of the limit.
    absent: bool,
}

impl Dimension {
    /// A label whose values are those of `F`.
    pub const fn of<F: LabelField>(name: &'static str) -> Self {
        Self::new(name, F::SIZE, F::NAME_AT)
    }

    /// The same from its parts, for generated code: a type that is no label is one error then, not one for each use.
    #[doc(hidden)]
    pub const fn new(name: &'static str, size: usize, name_at: Option<fn(usize) -> &'static str>) -> Self {
        Self { name, size, name_at, absent: false }
    }

    /// A label that takes `limit` distinct strings and [`OTHER`] for the rest.
    pub const fn capped(name: &'static str, limit: usize) -> Self {
        Self::new(name, limit + 1, None)
    }

    /// The same, and the label may be absent: where its values are interned, that does not count against the limit.
    pub(crate) const fn or_absent(self) -> Self {
        match self.name_at {
            Some(_) => self,
            None => Self { size: self.size + 1, absent: true, ..self },
        }
    }

    /// The label's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How many positions it has, [`OTHER`] included.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The limit of distinct values, for a capped label.
    pub const fn limit(&self) -> Option<usize> {
        match self.name_at {
            Some(_) => None,
            None => Some(self.size - 1 - self.absent as usize),
        }
    }

    /// How many values an interner has for it, for a capped label.
    pub(crate) const fn places(&self) -> Option<usize> {
        match self.name_at {
            Some(_) => None,
            None => Some(self.size - 1),
        }
    }

    /// The text at a position where it is known without an interner.
    pub fn value_at(&self, position: usize) -> Option<&'static str> {
        match self.name_at {
            Some(name_at) => Some(name_at(position)),
            None => (position + 1 == self.size).then_some(OTHER),
        }
    }
}

/// The same name and the same values.
impl PartialEq for Dimension {
    fn eq(&self, other: &Self) -> bool {
        let values = |dimension: &Self| (dimension.limit(), dimension.size);
        self.name == other.name
            && values(self) == values(other)
            && (0..self.size).all(|position| self.value_at(position) == other.value_at(position))
    }
}

impl Eq for Dimension {}

/// How many dimensions the parts of a label set have.
pub const fn joined_len(parts: &[&[Dimension]]) -> usize {
    let (mut len, mut part) = (0, 0);
    while part < parts.len() {
        len += parts[part].len();
        part += 1;
    }
    len
}

/// The dimensions of a label set made of parts.
///
/// # Panics
///
/// Where two have one name; in a constant, that is a compile error.
pub const fn join<const LEN: usize>(parts: &[&[Dimension]]) -> [Dimension; LEN] {
    let mut joined = [Dimension::new("", 1, None); LEN];
    let (mut len, mut part) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            let mut other = 0;
            while other < len {
                let twice = same_text(joined[other].name, parts[part][at].name);
                assert!(!twice, "two labels of this set and of those flattened into it have the same name");
                other += 1;
            }
            joined[len] = parts[part][at];
            len += 1;
            at += 1;
        }
        part += 1;
    }
    joined
}

/// Whether two texts are the same, while compiling.
pub(crate) const fn same_text(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether a dimension among these is capped.
pub(crate) const fn any_capped(dimensions: &[Dimension]) -> bool {
    let mut at = 0;
    while at < dimensions.len() {
        if dimensions[at].name_at.is_none() {
            return true;
        }
        at += 1;
    }
    false
}

/// The number of positions that the dimensions span, `usize::MAX` where it does not fit.
pub const fn product(dimensions: &[Dimension]) -> usize {
    let mut size: usize = 1;
    let mut at = 0;
    while at < dimensions.len() {
        size = size.saturating_mul(dimensions[at].size);
        at += 1;
    }
    size
}
