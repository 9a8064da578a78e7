//! Quantiles of a summary over a sliding window.
//!
//! A sketch (`DDSketch`) keeps counts in exponential buckets, so a quantile has a relative error of at most 1 % and the memory
//! has a bound, whatever is observed. A window has slices with a sketch each; the oldest is dropped when a new one begins.

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

/// Default length of the window.
pub(crate) const DEFAULT_WINDOW: Duration = Duration::from_secs(600);

/// Number of complete slices of a window; one more is being filled.
const SLICES: u32 = 5;

/// Relative error of a quantile.
const ACCURACY: f64 = 0.01;

/// Number of buckets of a sketch, enough for values that differ by a factor of 500 million; past it the lowest are merged.
const MOST_BUCKETS: u32 = 1024;

/// Smallest absolute value that does not count as zero.
const LEAST: f64 = 1e-9;

/// Number of observers that can add values at the same time.
const SHARDS: usize = 4;

/// Number of values after which a shard moves them into the sketch, unless that is locked.
const FULL: usize = 128;

/// Number of values after which a shard waits for the sketch, so that it has a bound.
const MOST_VALUES: usize = 1024;

/// The quantiles of a summary and the length of their window.
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

/// Observations in the window of one series.
#[derive(Debug)]
pub(crate) struct SlidingWindow {
    begin: Instant,
    shards: [Mutex<Shard>; SHARDS],
    slices: Mutex<Slices>,
}

/// Values of one slice that are not in its sketch yet.
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

/// Locks a mutex unless it is locked.
fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Returns the index of the shard that this thread tries first.
fn first_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SHARD: usize = NEXT.fetch_add(1, Relaxed);
    }
    SHARD.try_with(|shard| *shard).unwrap_or_default()
}

impl SlidingWindow {
    pub(crate) fn new(now: Instant) -> Self {
        Self { begin: now, shards: Default::default(), slices: Mutex::default() }
    }

    /// Returns the number of the slice at a time.
    fn slice(&self, quantiles: &Quantiles, now: Instant) -> u128 {
        now.saturating_duration_since(self.begin).as_nanos() / quantiles.slice().as_nanos().max(1)
    }

    /// Adds a value. It waits only if four other threads add values at the same moment.
    pub(crate) fn observe(&self, quantiles: &Quantiles, value: f64, now: Instant) {
        if !value.is_finite() {
            return;
        }
        let slice = self.slice(quantiles, now);
        let first = first_shard();
        let shards = || (0..SHARDS).filter_map(|at| self.shards.get((first + at) % SHARDS));
        let Some(mut shard) = shards().find_map(try_lock).or_else(|| shards().next().map(lock)) else {
            return;
        };
        if shard.slice != slice {
            self.flush(&mut shard, true);
            shard.slice = slice;
        }
        shard.values.push(value);
        let length = shard.values.len();
        if length >= FULL {
            self.flush(&mut shard, length >= MOST_VALUES);
        }
    }

    /// Moves a shard's values into the sketch of its slice, unless that is locked and `wait` is false.
    fn flush(&self, shard: &mut Shard, wait: bool) {
        if shard.values.is_empty() {
            return;
        }
        let slices = if wait { Some(lock(&self.slices)) } else { try_lock(&self.slices) };
        if let Some(mut slices) = slices {
            slices.add(shard.slice, &shard.values);
            shard.values.clear();
        }
    }

    /// Returns the quantiles with their values, which are NaN while the window is empty.
    pub(crate) fn read(&self, quantiles: &Quantiles, now: Instant) -> Vec<(f64, f64)> {
        for shard in &self.shards {
            self.flush(&mut lock(shard), true);
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

    /// Returns the sketch of the whole window that ends with a slice.
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
    fn old_values_leave_the_window() {
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
        // A value that stayed in its shard for long belongs to its own slice.
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
        let shards = window.shards.iter().map(|shard| lock(shard).values.capacity());
        assert!(shards.max().is_some_and(|most| most <= MOST_VALUES));
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
