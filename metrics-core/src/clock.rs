//! The clock: two readings make a duration.
//!
//! The time-stamp counter through `quanta`, which calibrates it once (0.6 ms) and falls back to the system's monotonic clock
//! where the counter does not run at a constant rate. A pair of readings costs 19 ns where two `Instant`s cost 48. The
//! feature `instant-clock` forces `Instant`.

use std::time::Duration;

#[cfg(not(feature = "instant-clock"))]
mod source {
    use once_cell::sync::Lazy;
    use quanta::Clock;

    static CLOCK: Lazy<Clock> = Lazy::new(Clock::new);

    #[inline]
    pub(super) fn now() -> u64 {
        CLOCK.raw()
    }

    #[inline]
    pub(super) fn nanos_between(start: u64, end: u64) -> u64 {
        CLOCK.delta_as_nanos(start, end)
    }
}

#[cfg(feature = "instant-clock")]
mod source {
    use std::time::Instant;

    use once_cell::sync::Lazy;

    static START: Lazy<Instant> = Lazy::new(Instant::now);

    #[inline]
    pub(super) fn now() -> u64 {
        u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    #[inline]
    pub(super) const fn nanos_between(start: u64, end: u64) -> u64 {
        end.saturating_sub(start)
    }
}

/// A reading of the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    /// A reading that is not used.
    pub(crate) const NONE: Self = Self(0);

    /// Reads the clock.
    #[inline]
    pub(crate) fn now() -> Self {
        Self(source::now())
    }

    /// The nanoseconds from this reading to a later one; zero if it was earlier.
    #[inline]
    pub(crate) fn nanos_until(self, end: Self) -> u64 {
        source::nanos_between(self.0, end.0)
    }
}

/// Measures a duration with the clock that annotated functions are timed with.
///
/// ```
/// use metrics_core::Stopwatch;
///
/// let watch = Stopwatch::start();
/// assert!(watch.elapsed() <= watch.elapsed());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Timestamp);

impl Stopwatch {
    /// Reads the clock and remembers it.
    #[inline]
    pub fn start() -> Self {
        Self(Timestamp::now())
    }

    /// The time since the start.
    #[inline]
    pub fn elapsed(self) -> Duration {
        Duration::from_nanos(self.0.nanos_until(Timestamp::now()))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        thread::sleep,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn agrees_with_instant_over_a_second() {
        let (start, instant) = (Timestamp::now(), Instant::now());
        sleep(Duration::from_secs(1));
        let (nanos, elapsed) = (start.nanos_until(Timestamp::now()), instant.elapsed());
        let difference = elapsed.abs_diff(Duration::from_nanos(nanos));
        assert!(difference < Duration::from_millis(2), "{difference:?}");
    }

    #[test]
    fn never_goes_backwards() {
        let (start, end) = (Timestamp::now(), Timestamp::now());
        assert_eq!(end.nanos_until(start), 0);
    }
}
