//! Series that are hidden until their first observation.

use crate::label::Dimension;

/// Positions that a page leaves out while they are zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden(Vec<Rule<ValueTest>>);

/// A rule for hidden positions over pairs of a label's index among the dimensions and a value's position.
pub(crate) type HiddenRule = Rule<(usize, usize)>;

/// A rule for hidden positions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule<T> {
    /// The label has this value.
    Is(T),
    /// The label has another value.
    IsNot(T),
    /// Both labels have their values, or neither has.
    Agree(T, T),
}

/// Test of one label for one value.
#[derive(Clone, Copy, Debug)]
struct ValueTest {
    stride: usize,
    size: usize,
    value: usize,
}

impl ValueTest {
    fn new(dimensions: &[Dimension], (label, value): (usize, usize)) -> Option<Self> {
        let size = dimensions.get(label)?.size();
        let stride = dimensions.get(label + 1..)?.iter().map(Dimension::size).product();
        Some(Self { stride, size, value })
    }

    fn holds(&self, position: usize) -> bool {
        position / self.stride.max(1) % self.size.max(1) == self.value
    }
}

impl Hidden {
    /// Hides the series to which a rule applies.
    pub(crate) fn new(dimensions: &[Dimension], rules: &[HiddenRule]) -> Self {
        let test = |value| ValueTest::new(dimensions, value);
        let rule = |rule: &HiddenRule| {
            Some(match *rule {
                Rule::Is(value) => Rule::Is(test(value)?),
                Rule::IsNot(value) => Rule::IsNot(test(value)?),
                Rule::Agree(one, other) => Rule::Agree(test(one)?, test(other)?),
            })
        };
        Self(rules.iter().filter_map(rule).collect())
    }

    /// Returns whether no position is hidden.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a position is left out while it is zero.
    pub(crate) fn contains(&self, position: usize) -> bool {
        self.0.iter().any(|rule| match rule {
            Rule::Is(value) => value.holds(position),
            Rule::IsNot(value) => !value.holds(position),
            Rule::Agree(one, other) => one.holds(position) == other.holds(position),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_hidden_in_every_combination() {
        let dimensions = [Dimension::of::<bool>("a"), Dimension::of::<Option<bool>>("b")];
        let hidden = Hidden::new(&dimensions, &[Rule::Is((1, 0))]);
        let shown: Vec<_> = (0..6).filter(|position| !hidden.contains(*position)).collect();
        assert_eq!(shown, [1, 2, 4, 5]);
        assert!(!Hidden::default().contains(0));
    }

    #[test]
    fn values_that_belong_together_are_shown_together() {
        let dimensions = [Dimension::of::<bool>("fails"), Dimension::of::<Option<bool>>("kind")];
        let shown = |rule| {
            let hidden = Hidden::new(&dimensions, &[rule]);
            (0..6).filter(|position| !hidden.contains(*position)).collect::<Vec<_>>()
        };
        assert_eq!(shown(Rule::Agree((0, 1), (1, 0))), [0, 4, 5]);
        assert_eq!(shown(Rule::IsNot((1, 0))), [0, 3]);
    }
}
