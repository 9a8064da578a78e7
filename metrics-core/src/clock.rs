//! The clock: two readings make a duration.
//!
//! The time-stamp counter through `quanta`, which calibrates it once (0.6 ms) and falls back to the system's monotonic clock
//! where the counter does not run at a constant rate. A pair of readings costs 19 ns where two `Instant`s cost 48. The
//! feature `instant-clock` forces `Instant`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use once_cell::sync::Lazy;
#[cfg(not(feature = "instant-clock"))]
use quanta::Clock as Source;

/// The system's monotonic clock in the form of the other one.
#[cfg(feature = "instant-clock")]
#[derive(Debug)]
struct Source(std::time::Instant);

#[cfg(feature = "instant-clock")]
impl Source {
    fn new() -> Self {
        Self(std::time::Instant::now())
    }

    fn raw(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    #[allow(clippy::unused_self)] // the other clock's calibration is its own
    const fn delta_as_nanos(&self, start: u64, end: u64) -> u64 {
        end.saturating_sub(start)
    }
}

/// The clock, calibrated.
#[derive(Debug)]
pub(crate) struct Clock(Source);

/// A reading of the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    /// A reading that is not used.
    pub(crate) const NONE: Self = Self(0);
}

impl Clock {
    /// The one clock there is. Whoever reads it often keeps the reference.
    pub(crate) fn get() -> &'static Self {
        static CLOCK: Lazy<Clock> = Lazy::new(|| Clock(Source::new()));
        &CLOCK
    }

    /// Reads the clock.
    #[inline]
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.0.raw())
    }

    /// The nanoseconds since a reading; zero if the clock says that it was later.
    #[inline]
    pub(crate) fn nanos_since(&self, start: Timestamp) -> u64 {
        self.0.delta_as_nanos(start.0, self.0.raw())
    }
}

/// The time of day in milliseconds since 1970; zero on a machine whose clock is before that.
pub(crate) fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
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
        Self(Clock::get().now())
    }

    /// The time since the start.
    #[inline]
    pub fn elapsed(self) -> Duration {
        Duration::from_nanos(Clock::get().nanos_since(self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::{thread::sleep, time::Instant};

    use super::*;

    #[test]
    fn agrees_with_instant_over_a_second() {
        let (watch, instant) = (Stopwatch::start(), Instant::now());
        sleep(Duration::from_secs(1));
        let difference = instant.elapsed().abs_diff(watch.elapsed());
        assert!(difference < Duration::from_millis(2), "{difference:?}");
    }

    #[test]
    fn never_goes_backwards() {
        let clock = Clock::get();
        let (start, Timestamp(later)) = (clock.now(), clock.now());
        assert!(start.0 <= later);
        assert_eq!(clock.0.delta_as_nanos(later, start.0), 0);
    }
}
