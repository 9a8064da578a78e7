//! Labels as dimensions of a family's space.

use super::OTHER;

/// The values that a label can take.
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
        /// Set if the label may be absent, which does not count against the limit.
        optional: bool,
    },
}

impl LabelValues {
    /// Returns the number of positions, that of [`OTHER`] included.
    pub const fn size(self) -> usize {
        match self {
            Self::Finite { count, .. } => count,
            Self::Capped { limit, optional } => limit + optional as usize + 1,
        }
    }

    /// Returns whether the label is capped.
    pub const fn is_capped(self) -> bool {
        self.limit().is_some()
    }

    /// Returns the number of distinct strings that are kept, for a capped label.
    pub const fn limit(self) -> Option<usize> {
        match self {
            Self::Finite { .. } => None,
            Self::Capped { limit, .. } => Some(limit),
        }
    }

    /// Returns the number of values that an interner keeps, for a capped label.
    const fn interned(self) -> Option<usize> {
        match self {
            Self::Finite { .. } => None,
            Self::Capped { .. } => Some(self.size() - 1),
        }
    }

    /// Adds the absent value, which finite values have already.
    const fn or_absent(self) -> Self {
        match self {
            Self::Finite { .. } => self,
            Self::Capped { limit, .. } => Self::Capped { limit, optional: true },
        }
    }

    /// Returns the text at a position, or `None` if only an interner has it.
    fn text_at(self, position: usize) -> Option<&'static str> {
        match self {
            Self::Finite { text_at, .. } => Some(text_at(position)),
            Self::Capped { .. } => (position + 1 == self.size()).then_some(OTHER),
        }
    }
}

/// A label of a family: its name and the values that it can take.
///
/// ```
/// use metrics_core::Dimension;
///
/// let browser = Dimension::capped("browser", 100);
/// assert_eq!((browser.name(), browser.limit()), ("browser", Some(100)));
/// assert_eq!(browser.size(), 101);
/// assert_eq!(Dimension::of::<bool>("mobile").value_at(1), Some("true"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    name: &'static str,
    values: LabelValues,
}

impl Dimension {
    /// Creates a label from its parts. Generated code calls it, so that a type that is no label gives a single error.
    #[doc(hidden)]
    pub const fn new(name: &'static str, values: LabelValues) -> Self {
        Self { name, values }
    }

    /// Creates a label that keeps `limit` distinct strings and has [`OTHER`] for the rest.
    pub const fn capped(name: &'static str, limit: usize) -> Self {
        Self::new(name, LabelValues::Capped { limit, optional: false })
    }

    /// Returns the label with the absent value added. It does not count against a limit.
    pub(crate) const fn or_absent(self) -> Self {
        Self { values: self.values.or_absent(), ..self }
    }

    /// Returns the values that the label can have.
    pub(crate) const fn values(&self) -> LabelValues {
        self.values
    }

    /// Returns the name of the label.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the number of positions, that of [`OTHER`] included.
    pub const fn size(&self) -> usize {
        self.values.size()
    }

    /// Returns the number of distinct strings that are kept, for a capped label.
    pub const fn limit(&self) -> Option<usize> {
        self.values.limit()
    }

    /// Returns the number of values that an interner keeps, for a capped label.
    pub(crate) const fn interned_values(&self) -> Option<usize> {
        self.values.interned()
    }

    /// Returns whether a value is past the limit of a capped label.
    pub(crate) fn is_overflow(&self, value_id: usize) -> bool {
        self.interned_values().is_some_and(|values| value_id >= values)
    }

    /// Returns the text at a position, or `None` for a string of a capped label.
    pub fn value_at(&self, position: usize) -> Option<&'static str> {
        self.values.text_at(position)
    }
}

/// Equality of names and values.
impl PartialEq for Dimension {
    fn eq(&self, other: &Self) -> bool {
        let values = |dimension: &Self| (dimension.limit(), dimension.size());
        self.name == other.name
            && values(self) == values(other)
            && (0..self.size()).all(|position| self.value_at(position) == other.value_at(position))
    }
}

impl Eq for Dimension {}

/// Returns the number of dimensions of all parts of a label set.
pub const fn joined_len(parts: &[&[Dimension]]) -> usize {
    let (mut len, mut part) = (0, 0);
    while part < parts.len() {
        len += parts[part].len();
        part += 1;
    }
    len
}

/// Joins the dimensions of the parts of a label set.
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

/// Returns the number of positions in the space of these dimensions; `usize::MAX` if it is larger.
pub const fn product(dimensions: &[Dimension]) -> usize {
    let mut size: usize = 1;
    let mut at = 0;
    while at < dimensions.len() {
        size = size.saturating_mul(dimensions[at].size());
        at += 1;
    }
    size
}

/// Splits a position in the space of these dimensions into a position for each; the last dimension varies fastest.
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
