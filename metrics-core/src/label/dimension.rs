//! One label of a family, as the storage sees it.

use super::OTHER;

/// The values that a label can take: the one place where the kinds of labels differ.
#[derive(Clone, Copy, Debug)]
pub enum LabelValues {
    /// All values are known while compiling.
    Finite {
        /// Number of values.
        count: usize,
        /// Returns the text of a value, given its index.
        text_at: fn(usize) -> &'static str,
    },
    /// Strings: the first distinct ones up to a limit, then [`OTHER`] for the rest.
    Capped {
        /// Number of distinct strings.
        limit: usize,
        /// Set where the label may be absent, which does not count against the limit.
        optional: bool,
    },
}

impl LabelValues {
    /// Number of positions, that of [`OTHER`] included.
    pub const fn size(self) -> usize {
        match self {
            Self::Finite { count, .. } => count,
            Self::Capped { limit, optional } => limit + optional as usize + 1,
        }
    }

    /// Returns whether strings are kept up to a limit.
    pub const fn is_capped(self) -> bool {
        self.limit().is_some()
    }

    /// The limit of distinct strings.
    pub const fn limit(self) -> Option<usize> {
        match self {
            Self::Finite { .. } => None,
            Self::Capped { limit, .. } => Some(limit),
        }
    }

    /// Number of strings that an interner keeps.
    const fn interned(self) -> Option<usize> {
        match self {
            Self::Finite { .. } => None,
            Self::Capped { .. } => Some(self.size() - 1),
        }
    }

    /// Adds the absent value, where it is not among the values already.
    const fn or_absent(self) -> Self {
        match self {
            Self::Finite { .. } => self,
            Self::Capped { limit, .. } => Self::Capped { limit, optional: true },
        }
    }

    /// The text of a value where it is known without an interner.
    fn text_at(self, position: usize) -> Option<&'static str> {
        match self {
            Self::Finite { text_at, .. } => Some(text_at(position)),
            Self::Capped { .. } => (position + 1 == self.size()).then_some(OTHER),
        }
    }
}

/// One label of a family: its name and the values it can take.
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    name: &'static str,
    values: LabelValues,
}

impl Dimension {
    /// A label from its parts, for generated code: a type that is no label is one error then, not one for each use.
    #[doc(hidden)]
    pub const fn new(name: &'static str, values: LabelValues) -> Self {
        Self { name, values }
    }

    /// A label that takes `limit` distinct strings and [`OTHER`] for the rest.
    pub const fn capped(name: &'static str, limit: usize) -> Self {
        Self::new(name, LabelValues::Capped { limit, optional: false })
    }

    /// Lets the label be absent: where its values are interned, that does not count against the limit.
    pub(crate) const fn or_absent(self) -> Self {
        Self { values: self.values.or_absent(), ..self }
    }

    /// The label's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Number of positions, that of [`OTHER`] included.
    pub const fn size(&self) -> usize {
        self.values.size()
    }

    /// The limit of distinct values, for a capped label.
    pub const fn limit(&self) -> Option<usize> {
        self.values.limit()
    }

    /// Number of values that an interner keeps for it, for a capped label.
    pub(crate) const fn interned_values(&self) -> Option<usize> {
        self.values.interned()
    }

    /// Returns whether a value is one of those past the limit of a capped label.
    pub(crate) fn is_overflow(&self, value_id: usize) -> bool {
        self.interned_values().is_some_and(|values| value_id >= values)
    }

    /// The text at a position where it is known without an interner.
    pub fn value_at(&self, position: usize) -> Option<&'static str> {
        self.values.text_at(position)
    }
}

/// Compares names and values.
impl PartialEq for Dimension {
    fn eq(&self, other: &Self) -> bool {
        let values = |dimension: &Self| (dimension.limit(), dimension.size());
        self.name == other.name
            && values(self) == values(other)
            && (0..self.size()).all(|position| self.value_at(position) == other.value_at(position))
    }
}

impl Eq for Dimension {}

/// Number of dimensions that the parts of a label set have.
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
/// Panics if two have one name; in a constant, that is a compile error.
pub const fn join<const LEN: usize>(parts: &[&[Dimension]]) -> [Dimension; LEN] {
    let mut joined = [Dimension::capped("", 0); LEN];
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

/// Returns whether two texts are the same, while compiling.
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

/// Returns whether a dimension among these is capped.
pub(crate) const fn any_capped(dimensions: &[Dimension]) -> bool {
    let mut at = 0;
    while at < dimensions.len() {
        if dimensions[at].values.is_capped() {
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
        size = size.saturating_mul(dimensions[at].size());
        at += 1;
    }
    size
}

/// The position of each label's value in a position of their space, the last label varying fastest.
pub(crate) fn value_ids(dimensions: &[Dimension], position: usize) -> Vec<usize> {
    let mut rest = position;
    let mut ids: Vec<_> = dimensions
        .iter()
        .rev()
        .map(|dimension| {
            let size = dimension.size().max(1);
            let id = rest % size;
            rest /= size;
            id
        })
        .collect();
    ids.reverse();
    ids
}
