//! The start of a call.

use std::thread::panicking;

use super::Outcome;
use crate::clock::Timestamp;

/// Time of a call's start, with a mark if the thread was unwinding already, as in a destructor during a panic.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallStart(Timestamp);

impl CallStart {
    #[inline]
    pub(super) fn at(start: Timestamp) -> Self {
        Self(if panicking() { start.marked() } else { start })
    }

    /// Creates the start of a call on a thread that is not unwinding.
    #[inline]
    pub(super) const fn not_unwinding(start: Timestamp) -> Self {
        Self(start)
    }

    /// Returns the time, with its mark.
    #[inline]
    pub(super) const fn start(self) -> Timestamp {
        self.0
    }

    /// Returns the outcome of a call whose guard was dropped.
    pub(super) fn outcome(self, dropped: Outcome) -> Outcome {
        let (unwinding, _) = self.0.unmark();
        if panicking() && !unwinding { Outcome::Panicked } else { dropped }
    }
}
