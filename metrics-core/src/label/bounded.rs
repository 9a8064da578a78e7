//! Integers of a small range as label values.

use once_cell::sync::Lazy;

use super::LabelValue;

/// Largest number of a range.
const MOST: u16 = 999;

static NUMBERS: Lazy<Vec<String>> = Lazy::new(|| (0..=MOST).map(|number| number.to_string()).collect());

/// An integer from `LOW` to `HIGH`, both included, as a label value. A number outside the range becomes the nearer bound, and
/// `HIGH` is at most 999.
///
/// ```
/// use metrics_core::{Bounded, LabelValue};
///
/// type Shard = Bounded<1, 4>;
/// assert_eq!(Shard::COUNT, 4);
/// assert_eq!(Shard::from(3).as_str(), "3");
/// assert_eq!(Shard::from(70).as_str(), "4");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bounded<const LOW: u16, const HIGH: u16>(u16);

impl<const LOW: u16, const HIGH: u16> From<u16> for Bounded<LOW, HIGH> {
    fn from(number: u16) -> Self {
        const { assert!(LOW <= HIGH && HIGH <= MOST, "the range goes up, and no further than 999") };
        Self(number.clamp(LOW, HIGH))
    }
}

impl<const LOW: u16, const HIGH: u16> LabelValue for Bounded<LOW, HIGH> {
    const COUNT: usize = (HIGH - LOW) as usize + 1;

    #[inline]
    fn index(&self) -> usize {
        usize::from(self.0 - LOW)
    }

    fn name_at(index: usize) -> &'static str {
        NUMBERS.get(usize::from(LOW) + index).map_or("", String::as_str)
    }

    /// Returns the number of a text, or `None` if it is outside the range.
    fn from_label(text: &str) -> Option<Self> {
        let number = text.parse().ok().filter(|number| (LOW..=HIGH).contains(number))?;
        Some(Self::from(number)).filter(|value| value.as_str() == text)
    }
}
