//! Outcomes of calls.

use crate::label::LabelValue;

/// The outcome of a call, which is the value of the label `result`.
///
/// ```
/// use metrics_core::{LabelValue, Outcome};
///
/// assert_eq!(Outcome::Panicked.as_str(), "panicked");
/// assert_eq!(Outcome::from_label("ok"), None); // the attributes alone create outcomes
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The future was dropped before it completed.
    Cancelled,
    /// The function returned an error.
    Error,
    /// The function returned without an error.
    Ok,
    /// The function panicked.
    Panicked,
}

impl Outcome {
    /// All outcomes in the order of their positions.
    pub(crate) const ALL: [Self; 4] = [Self::Cancelled, Self::Error, Self::Ok, Self::Panicked];
}

/// The values are in alphabetical order, as on the page.
impl LabelValue for Outcome {
    const COUNT: usize = 4;

    #[inline]
    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        ["cancelled", "error", "ok", "panicked"].get(index).copied().unwrap_or_default()
    }
}
