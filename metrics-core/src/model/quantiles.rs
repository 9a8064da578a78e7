//! Quantiles over a sliding window, of which a summary may have some.
//!
//! A sketch (`DDSketch`) keeps counts in buckets that grow by a factor, so a quantile is off by at most 1 % of itself, whatever
//! was observed, and its memory has a bound. A window is cut into slices with a sketch each; the oldest is dropped when a new one
//! begins.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use sketches_ddsketch::{Config, DDSketch};

use crate::name::InvalidDefinition;

/// The window of quantiles that name none.
pub(crate) const DEFAULT_WINDOW: Duration = Duration::from_secs(600);

/// Into how many slices a window is cut; one more is being filled.
const SLICES: u32 = 5;

/// By how much a quantile may be off, relative to itself.
const ACCURACY: f64 = 0.01;

/// The buckets of a sketch: enough for values that differ by a factor of 500 million; past it the lowest are merged.
const MOST_BUCKETS: u32 = 1024;

/// Values nearer to zero count as zero.
const LEAST: f64 = 1e-9;

/// How many observers put their values down beside each other.
const LANES: usize = 4;

/// After how many values a lane goes into the sketch, unless somebody is there.
const FULL: usize = 128;

/// When it waits for it, so that a lane does not grow without bound.
const OVERFULL: usize = 1024;

/// Which quantiles a summary has, and over how long.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantiles {
    pub(crate) quantiles: Vec<f64>,
    pub(crate) window: Duration,
}

impl Quantiles {
    pub(crate) fn new(quantiles: &[f64], window: Duration) -> Result<Self, InvalidDefinition> {
        let illegal = |reason| Err(InvalidDefinition::new("quantiles", reason));
        if quantiles.iter().any(|quantile| !(0.0..=1.0).contains(quantile)) {
            return illegal("a quantile goes from 0 to 1");
        }
        if quantiles.windows(2).any(|pair| pair[0] >= pair[1]) {
            return illegal("the quantiles do not increase");
        }
        if window < Duration::from_millis(1) {
            return illegal("their window is shorter than a millisecond");
        }
        Ok(Self { quantiles: quantiles.to_vec(), window })
    }

    fn slice(&self) -> Duration {
        self.window / SLICES
    }
}

/// What was observed in the window of one series.
#[derive(Debug)]
pub(crate) struct SlidingWindow {
    begin: Instant,
    lanes: [Mutex<Shard>; LANES],
    slices: Mutex<Slices>,
}

/// Values of one slice that are in no sketch yet.
#[derive(Debug, Default)]
struct Shard {
    slice: u128,
    values: Vec<f64>,
}

/// The sketches by slice, the newest last.
#[derive(Default)]
struct Slices(VecDeque<(u128, DDSketch)>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock, unless somebody has it.
fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// The lane that a thread begins its search at.
fn first_lane() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static LANE: usize = NEXT.fetch_add(1, Relaxed);
    }
    LANE.try_with(|lane| *lane).unwrap_or_default()
}

impl SlidingWindow {
    pub(crate) fn new(now: Instant) -> Self {
        Self { begin: now, lanes: Default::default(), slices: Mutex::default() }
    }

    /// The number of the slice at a time.
    fn slice(&self, quantiles: &Quantiles, now: Instant) -> u128 {
        now.saturating_duration_since(self.begin).as_nanos() / quantiles.slice().as_nanos().max(1)
    }

    /// Takes note of a value. It waits for nobody, unless four threads are in the way for the time of a push.
    pub(crate) fn observe(&self, quantiles: &Quantiles, value: f64, now: Instant) {
        if !value.is_finite() {
            return;
        }
        let slice = self.slice(quantiles, now);
        let first = first_lane();
        let lanes = || (0..LANES).filter_map(|at| self.lanes.get((first + at) % LANES));
        let Some(mut lane) = lanes().find_map(try_lock).or_else(|| lanes().next().map(lock)) else {
            return;
        };
        if lane.slice != slice {
            self.flush(&mut lane, true);
            lane.slice = slice;
        }
        lane.values.push(value);
        let length = lane.values.len();
        if length >= FULL {
            self.flush(&mut lane, length >= OVERFULL);
        }
    }

    /// Brings a lane's values into its slice's sketch, if nobody is there or if it has to `wait`.
    fn flush(&self, lane: &mut Shard, wait: bool) {
        if lane.values.is_empty() {
            return;
        }
        let slices = if wait { Some(lock(&self.slices)) } else { try_lock(&self.slices) };
        if let Some(mut slices) = slices {
            slices.add(lane.slice, &lane.values);
            lane.values.clear();
        }
    }

    /// The quantiles with their values, NaN where nothing was observed in the window.
    pub(crate) fn read(&self, quantiles: &Quantiles, now: Instant) -> Vec<(f64, f64)> {
        for lane in &self.lanes {
            self.flush(&mut lock(lane), true);
        }
        let merged = lock(&self.slices).merged(self.slice(quantiles, now));
        let value = |quantile| merged.as_ref()?.quantile(quantile).ok()?;
        quantiles.quantiles.iter().map(|quantile| (*quantile, value(*quantile).unwrap_or(f64::NAN))).collect()
    }
}

impl fmt::Debug for Slices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slices").field(&self.0.len()).finish()
    }
}

impl Slices {
    fn add(&mut self, slice: u128, values: &[f64]) {
        let newest = self.0.back().map_or(slice, |(newest, _)| slice.max(*newest));
        self.0.retain(|(other, _)| other + u128::from(SLICES) >= newest);
        if slice + u128::from(SLICES) < newest {
            return;
        }
        let at = self.0.partition_point(|(other, _)| *other < slice);
        if self.0.get(at).is_none_or(|(other, _)| *other != slice) {
            let empty = DDSketch::new(Config::new(ACCURACY, MOST_BUCKETS, LEAST));
            self.0.insert(at, (slice, empty));
        }
        if let Some((_, sketch)) = self.0.get_mut(at) {
            for value in values {
                sketch.add(*value);
            }
        }
    }

    /// What the window holds at a slice.
    fn merged(&self, now: u128) -> Option<DDSketch> {
        let mut sketches =
            self.0.iter().filter(|(slice, _)| slice + u128::from(SLICES) >= now).map(|(_, sketch)| sketch);
        let mut merged = sketches.next()?.clone();
        for sketch in sketches {
            merged.merge(sketch).ok()?;
        }
        Some(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantiles() -> Quantiles {
        Quantiles::new(&[0.0, 0.5, 0.9, 1.0], Duration::from_secs(50)).expect("legal quantiles")
    }

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= expected.abs() * ACCURACY * 1.001
    }

    #[test]
    fn quantiles_are_near_the_values() {
        let (quantiles, now) = (quantiles(), Instant::now());
        let window = SlidingWindow::new(now);
        assert!(window.read(&quantiles, now).iter().all(|(_, value)| value.is_nan()));
        for value in 1..=1000 {
            window.observe(&quantiles, f64::from(value) / 1000.0, now);
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            window.observe(&quantiles, value, now);
        }
        let read = window.read(&quantiles, now);
        for ((quantile, found), expected) in read.into_iter().zip([0.001, 0.5, 0.9, 1.0]) {
            assert!(near(found, expected), "{quantile}: {found} is not near {expected}");
        }
    }

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let (quantiles, begin) = (quantiles(), Instant::now());
        let window = SlidingWindow::new(begin);
        let at = |seconds| begin + Duration::from_secs(seconds);
        let median = |seconds| window.read(&quantiles, at(seconds))[1].1;
        window.observe(&quantiles, 100.0, at(0));
        assert!(near(median(49), 100.0));
        window.observe(&quantiles, 1.0, at(49));
        window.observe(&quantiles, 1.0, at(49));
        assert!(near(median(50), 1.0));
        assert!(near(window.read(&quantiles, at(50))[3].1, 100.0));
        // A window and a slice later it is gone.
        assert!(near(window.read(&quantiles, at(60))[3].1, 1.0));
        assert!(median(200).is_nan());
        // What a lane has kept for long is not new because it is looked at late.
        window.observe(&quantiles, 7.0, at(300));
        assert!(median(1000).is_nan());
    }

    #[test]
    fn memory_has_a_bound() {
        let quantiles = quantiles();
        let begin = Instant::now();
        let window = SlidingWindow::new(begin);
        for number in 0..200_000_u32 {
            let value = f64::from(number % 600) - 300.0;
            let now = begin + Duration::from_millis(u64::from(number));
            window.observe(&quantiles, value.signum() * value.abs().exp2(), now);
        }
        assert!(lock(&window.slices).0.len() <= SLICES as usize + 1);
        let lanes = window.lanes.iter().map(|lane| lock(lane).values.capacity());
        assert!(lanes.max().is_some_and(|most| most <= OVERFULL));
        let buckets = lock(&window.slices).0.iter().map(|(_, sketch)| sketch.length()).max();
        assert!(buckets.is_some_and(|most| most <= 2 * MOST_BUCKETS as usize), "{buckets:?}");
    }

    #[test]
    fn observers_do_not_wait_for_a_reader() {
        let (quantiles, now) = (quantiles(), Instant::now());
        let window = SlidingWindow::new(now);
        let reading = lock(&window.slices);
        for value in 0..500 {
            window.observe(&quantiles, f64::from(value), now);
        }
        drop(reading);
        assert!(near(window.read(&quantiles, now)[3].1, 499.0));
    }
}
