//! The clock for durations.
//!
//! The time-stamp counter through `quanta`, which calibrates it once (0.6 ms) and falls back to the system's monotonic clock
//! where the processor says that the counter does not run at a constant rate. Where the kernel has found the counter unstable,
//! the clock is `Instant`. A pair of readings costs 19 ns where two `Instant`s cost 48. The feature `instant-clock` forces
//! `Instant`.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use once_cell::sync::Lazy;

/// Clock sources that the kernel of Linux has not found unstable.
const CLOCK_SOURCES: &str = "/sys/devices/system/clocksource/clocksource0/available_clocksource";

/// The source of readings.
#[derive(Debug)]
enum Source {
    Counter(quanta::Clock),
    /// The system's monotonic clock, from some time on.
    System(Instant),
}

impl Source {
    fn new(clock_sources: &Path) -> Self {
        if cfg!(feature = "instant-clock") || !is_counter_stable(clock_sources) {
            Self::System(Instant::now())
        } else {
            Self::Counter(quanta::Clock::new())
        }
    }

    #[inline]
    fn raw(&self) -> u64 {
        match self {
            Self::Counter(clock) => clock.raw(),
            Self::System(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }
    }

    fn delta_as_nanos(&self, start: u64, end: u64) -> u64 {
        match self {
            Self::Counter(clock) => clock.delta_as_nanos(start, end),
            Self::System(_) => end.saturating_sub(start),
        }
    }
}

/// Returns whether the kernel trusts the time-stamp counter; `true` where it says nothing, as `quanta` asks the processor.
fn is_counter_stable(clock_sources: &Path) -> bool {
    if !cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
        return true;
    }
    let sources = fs::read_to_string(clock_sources);
    sources.map_or(true, |sources| sources.split_whitespace().any(|source| source == "tsc"))
}

/// The calibrated clock.
#[derive(Debug)]
pub(crate) struct Clock {
    source: Source,
    scale: Scale,
}

/// Length of a tick: the nanoseconds of `1 << SHIFT` ticks, times `1 << (64 - SHIFT - SPARE)`.
///
/// So the upper half of a product is the number of nanoseconds, without the shift by a variable that `quanta` uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale(u64);

/// A day is exact to a microsecond.
const SHIFT: u32 = 40;

/// Ticks of up to `1 << SPARE` nanoseconds fit, and times of up to `1 << (64 - SPARE)` ticks.
const SPARE: u32 = 8;

/// A reading of the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    /// Placeholder for a reading that is not used.
    pub(crate) const NONE: Self = Self(0);

    /// Bit of the mark, which no clock reaches in decades.
    const MARK: u64 = 1 << 63;

    /// Returns the reading with a mark.
    #[inline]
    pub(crate) const fn marked(self) -> Self {
        Self(self.0 | Self::MARK)
    }

    /// Returns whether the reading is marked, and the reading without the mark.
    #[inline]
    pub(crate) const fn unmark(self) -> (bool, Self) {
        (self.0 & Self::MARK != 0, Self(self.0 & !Self::MARK))
    }
}

impl Clock {
    /// Returns the clock of the program. Code that reads it often keeps the reference.
    pub(crate) fn get() -> &'static Self {
        static CLOCK: Lazy<Clock> = Lazy::new(|| Clock::new(Path::new(CLOCK_SOURCES)));
        &CLOCK
    }

    fn new(clock_sources: &Path) -> Self {
        let source = Source::new(clock_sources);
        let scale = Scale(source.delta_as_nanos(0, 1 << SHIFT) << (64 - SHIFT - SPARE));
        Self { source, scale }
    }

    /// Reads the clock.
    #[inline]
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.source.raw())
    }

    /// Returns the nanoseconds since a reading, marked or not; zero if the reading is later than now.
    #[inline]
    pub(crate) fn nanos_since(&self, start: Timestamp) -> u64 {
        self.scale.nanos_between(start, self.now())
    }

    pub(crate) const fn scale(&self) -> Scale {
        self.scale
    }

    /// Returns the time in steps of 2²⁰ nanoseconds, about a millisecond. The number wraps after 52 days.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // it begins anew
    pub(crate) fn steps(&self) -> u32 {
        (self.nanos_since(Timestamp(0)) >> 20) as u32
    }
}

impl Scale {
    /// Returns the nanoseconds between two readings, of which the first may be marked; zero if the first one is later.
    #[inline]
    pub(crate) fn nanos_between(self, start: Timestamp, end: Timestamp) -> u64 {
        let ticks = end.0.wrapping_sub(start.0);
        if ticks >> (64 - SPARE) != 0 {
            return self.nanos_between_slowly(start, end);
        }
        upper(ticks << SPARE, self.0)
    }

    /// Computes the nanoseconds for a start after the end, which has a mark or comes from an unsteady clock, and for months.
    #[cold]
    #[inline(never)]
    fn nanos_between_slowly(self, start: Timestamp, end: Timestamp) -> u64 {
        let ticks = end.0.saturating_sub(start.unmark().1.0);
        if ticks >> (64 - SPARE) == 0 {
            return upper(ticks << SPARE, self.0);
        }
        // Months are exact to a microsecond.
        upper(ticks, self.0).saturating_mul(1 << SPARE)
    }
}

/// Returns the upper half of a product.
#[inline]
#[allow(clippy::cast_possible_truncation)] // half of it is zeroes
const fn upper(one: u64, other: u64) -> u64 {
    ((one as u128 * other as u128) >> 64) as u64
}

/// Returns the wall-clock time in milliseconds since 1970; zero if the clock is before that.
pub(crate) fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A stopwatch on the clock that times annotated functions.
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
    /// Starts a stopwatch now.
    ///
    /// ```
    /// use metrics_core::Stopwatch;
    ///
    /// let watch = Stopwatch::start();
    /// let first = watch.elapsed();
    /// assert!(watch.elapsed() >= first);
    /// ```
    #[inline]
    pub fn start() -> Self {
        Self(Clock::get().now())
    }

    /// Returns the time since the start.
    #[inline]
    pub fn elapsed(self) -> Duration {
        Duration::from_nanos(elapsed_nanos(self))
    }
}

/// Returns the nanoseconds since a start.
#[inline]
pub fn elapsed_nanos(watch: Stopwatch) -> u64 {
    Clock::get().nanos_since(watch.0)
}

#[cfg(test)]
mod tests {
    use std::{env, process, thread::sleep};

    use super::*;

    /// A clock of a kernel that lists these clock sources.
    fn clock_with(clock_sources: &str) -> Clock {
        let path = env::temp_dir().join(format!("clock-sources-{}-{}", process::id(), clock_sources.len()));
        fs::write(&path, clock_sources).expect("a file");
        let clock = Clock::new(&path);
        fs::remove_file(&path).expect("the file");
        clock
    }

    #[test]
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    fn a_counter_that_the_kernel_does_not_trust_is_not_read() {
        let is_counter = |clock: &Clock| matches!(clock.source, Source::Counter(_));
        let expected = cfg!(not(feature = "instant-clock"));
        assert_eq!(is_counter(&clock_with("tsc kvm-clock acpi_pm \n")), expected);
        assert_eq!(is_counter(&Clock::new(Path::new("/no such file"))), expected);
        let fallback = clock_with("hpet acpi_pm \n");
        assert!(!is_counter(&fallback));
        let start = fallback.now();
        sleep(Duration::from_millis(2));
        assert!(fallback.nanos_since(start) >= 2_000_000);
    }

    #[test]
    fn agrees_with_instant_over_a_second() {
        const NEAR: Duration = Duration::from_millis(2);
        // `Instant` is read before and after each reading, as the thread may be preempted between any two of them.
        let (before, watch, after) = (Instant::now(), Stopwatch::start(), Instant::now());
        sleep(Duration::from_secs(1));
        let (least, measured, most) = (after.elapsed(), watch.elapsed(), before.elapsed());
        assert!(least <= measured + NEAR && measured <= most + NEAR, "{least:?} {measured:?} {most:?}");
    }

    #[test]
    fn steps_are_about_milliseconds() {
        let clock = Clock::get();
        let (start, steps) = (clock.now(), clock.steps());
        sleep(Duration::from_millis(50));
        let passed = clock.steps().wrapping_sub(steps);
        let nanos = clock.nanos_since(start);
        assert!(passed >= 46 && u64::from(passed) <= nanos / (1 << 20) + 1, "{passed} in {nanos} ns");
    }

    #[test]
    fn never_goes_backwards() {
        let clock = Clock::get();
        let (start, later) = (clock.now(), clock.now());
        assert!(start.0 <= later.0);
        assert_eq!(clock.scale.nanos_between(later, start), 0);
    }

    #[test]
    fn long_times_are_as_the_source_has_them() {
        let clock = Clock::get();
        for shift in [0, 10, 20, 30, 40, 50, 57] {
            let ours = clock.scale.nanos_between(Timestamp(7), Timestamp(7 + (1 << shift)));
            let theirs = clock.source.delta_as_nanos(7, 7 + (1 << shift));
            assert!(ours.abs_diff(theirs) <= 1 + (theirs >> 32), "{ours} and {theirs} at {shift}");
            let marked = clock.scale.nanos_between(Timestamp(7).marked(), Timestamp(7 + (1 << shift)));
            assert_eq!(marked, ours);
        }
    }

    #[test]
    fn a_mark_is_no_part_of_a_reading() {
        let reading = Clock::get().now();
        assert!(matches!(reading.unmark(), (false, Timestamp(same)) if same == reading.0));
        assert!(matches!(reading.marked().unmark(), (true, Timestamp(same)) if same == reading.0));
        let end = Timestamp(reading.0 + 1000);
        let scale = Clock::get().scale;
        assert_eq!(scale.nanos_between(reading.marked(), end), scale.nanos_between(reading, end));
    }
}
