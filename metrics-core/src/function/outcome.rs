//! Outcomes of calls.

use crate::label::LabelValue;

/// The outcome of a call: the values of the label `result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The future was dropped before it finished.
    Cancelled,
    /// The function returned an error.
    Error,
    /// The function returned.
    Ok,
    /// The function panicked.
    Panicked,
}

impl Outcome {
    /// All of them, in the order of their positions.
    pub(crate) const ALL: [Self; 4] = [Self::Cancelled, Self::Error, Self::Ok, Self::Panicked];
}

/// The values in alphabetical order, which is their order in the exposition.
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
