//! Series that wait for their first observation.

use crate::label::Dimension;

/// Which positions are left out of the exposition while they are zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden(Vec<HiddenValue>);

/// One value of one label.
#[derive(Clone, Copy, Debug)]
struct HiddenValue {
    stride: usize,
    size: usize,
    value: usize,
}

impl Hidden {
    /// Hides the series with these values: the place of the label among the dimensions, and the position of the value.
    pub(crate) fn new(dimensions: &[Dimension], values: &[(usize, usize)]) -> Self {
        let value = |&(label, value): &(usize, usize)| {
            let size = dimensions.get(label)?.size();
            let stride = dimensions.get(label + 1..)?.iter().map(Dimension::size).product();
            Some(HiddenValue { stride, size, value })
        };
        Self(values.iter().filter_map(value).collect())
    }

    /// Whether no position is left out.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a position is left out while it is zero.
    pub(crate) fn contains(&self, position: usize) -> bool {
        self.0.iter().any(|hidden| position / hidden.stride.max(1) % hidden.size.max(1) == hidden.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_hidden_in_every_combination() {
        let dimensions = [Dimension::of::<bool>("a"), Dimension::of::<Option<bool>>("b")];
        let hidden = Hidden::new(&dimensions, &[(1, 0)]);
        let shown: Vec<_> = (0..6).filter(|position| !hidden.contains(*position)).collect();
        assert_eq!(shown, [1, 2, 4, 5]);
        assert!(!Hidden::default().contains(0));
    }
}
