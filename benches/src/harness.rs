//! Interleaved rounds, medians, ratios.

use std::{
    hint::{black_box, spin_loop},
    sync::{
        Mutex, PoisonError,
        atomic::{
            AtomicU64, AtomicUsize,
            Ordering::{Acquire, Relaxed, Release},
        },
    },
    thread,
    time::{Duration, Instant},
};

/// Approximate duration of one round of a contestant.
const ROUND: Duration = Duration::from_millis(20);

/// Number of rounds of each contestant; fewer with `--quick`.
fn rounds() -> usize {
    if std::env::args().any(|argument| argument == "--quick") { 5 } else { 21 }
}

/// A closure under measurement: it repeats its operation the given number of times.
pub(crate) struct Contestant {
    name: &'static str,
    work: Box<dyn Fn(u64) + Sync>,
}

impl Contestant {
    /// Creates a contestant. `work` contains the loop, so no call stands between two iterations.
    pub(crate) fn new(name: &'static str, work: impl Fn(u64) + Sync + 'static) -> Self {
        Self { name, work: Box::new(work) }
    }

    /// Creates a contestant that iterates over prepared inputs.
    pub(crate) fn over<T: Sync + 'static>(
        name: &'static str,
        inputs: Vec<T>,
        work: impl Fn(&T) + Sync + 'static,
    ) -> Self {
        Self::new(name, move |iterations| {
            let mut rest = iterations;
            while rest > 0 {
                let turn = rest.min(inputs.len() as u64);
                for (_, input) in (0..turn).zip(&inputs) {
                    work(black_box(input));
                }
                rest -= turn;
            }
        })
    }
}

/// Creates a contestant that runs `$body` in a loop.
#[macro_export]
macro_rules! contestant {
    ($name:expr, $body:expr) => {
        $crate::harness::Contestant::new($name, move |iterations| {
            for _ in 0..iterations {
                let _ = std::hint::black_box($body);
            }
        })
    };
}

/// Measurement of a contestant.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) work: &'static str,
    pub(crate) threads: usize,
    pub(crate) name: &'static str,
    pub(crate) nanos: f64,
}

static RESULTS: Mutex<Vec<Measured>> = Mutex::new(Vec::new());

/// Measurements so far.
pub(crate) fn results() -> Vec<Measured> {
    RESULTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Measures the contestants on so many threads and prints nanoseconds an operation, and how often the first one, ours, goes
/// into each.
pub(crate) fn compare(title: &'static str, threads: usize, contestants: &[Contestant]) {
    let (medians, disturbed) = Team::with(threads, contestants, |team| {
        let iterations: Vec<u64> = (0..contestants.len()).map(|place| team.calibrate(place)).collect();
        let mut times = vec![Vec::new(); contestants.len()];
        for _ in 0..rounds() {
            for ((place, iterations), times) in iterations.iter().enumerate().zip(&mut times) {
                times.push(team.quiet_round(place, *iterations));
            }
        }
        let disturbed = team.disturbed.load(Relaxed);
        (times.into_iter().map(median).collect::<Vec<_>>(), disturbed * 100 / (rounds() * contestants.len()))
    });
    let ours = medians.first().copied().unwrap_or(f64::NAN);
    let note = if disturbed > 10 {
        format!("  (other work was in the way of {disturbed} %)")
    } else {
        String::new()
    };
    println!("\n{title}, {threads} thread{}{note}", if threads == 1 { "" } else { "s" });
    for (contestant, median) in contestants.iter().zip(medians) {
        println!("  {:<60} {:>12} {:>9.2} ×", contestant.name, readable(median), median / ours);
        let measured = Measured { work: title, threads, name: contestant.name, nanos: median };
        RESULTS.lock().unwrap_or_else(PoisonError::into_inner).push(measured);
    }
}

fn readable(nanos: f64) -> String {
    if nanos < 1e4 { format!("{nanos:.2} ns") } else { format!("{:.3} ms", nanos / 1e6) }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Threads that spin until the next round, so they stay on different cores and start together: a thread
/// that is woken for a round of milliseconds often runs after the other one, on the same core.
struct Team<'a> {
    contestants: &'a [Contestant],
    helpers: usize,
    /// Counts the rounds; the last is `STOP`.
    round: AtomicUsize,
    place: AtomicUsize,
    iterations: AtomicU64,
    finished: AtomicUsize,
    /// Nanoseconds of the slowest helper.
    slowest: AtomicU64,
    /// Nanoseconds that the threads of a round were runnable without a core.
    waited: AtomicU64,
    /// Rounds that had no attempt without such a wait.
    disturbed: AtomicUsize,
}

/// Number of tries of a round that is disturbed.
const ATTEMPTS: usize = 12;

/// Returns the nanoseconds that this thread was runnable without a core (Linux only).
fn waited() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

const STOP: usize = usize::MAX;

impl<'a> Team<'a> {
    fn with<R>(threads: usize, contestants: &'a [Contestant], lead: impl FnOnce(&Self) -> R) -> R {
        let team = Self {
            contestants,
            helpers: threads - 1,
            round: AtomicUsize::new(0),
            place: AtomicUsize::new(0),
            iterations: AtomicU64::new(0),
            finished: AtomicUsize::new(0),
            slowest: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            disturbed: AtomicUsize::new(0),
        };
        thread::scope(|scope| {
            for _ in 0..team.helpers {
                scope.spawn(|| team.help());
            }
            let result = lead(&team);
            team.round.store(STOP, Release);
            result
        })
    }

    fn help(&self) {
        let mut last = 0;
        loop {
            let round = self.round.load(Acquire);
            if round == STOP {
                return;
            }
            if round == last {
                spin_loop();
                continue;
            }
            last = round;
            let elapsed = self.work(self.place.load(Relaxed), self.iterations.load(Relaxed));
            self.slowest.fetch_max(elapsed, Relaxed);
            self.finished.fetch_add(1, Release);
        }
    }

    fn work(&self, place: usize, iterations: u64) -> u64 {
        let waited = waited();
        let start = Instant::now();
        if let Some(contestant) = self.contestants.get(place) {
            (contestant.work)(black_box(iterations));
        }
        let elapsed = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.waited.fetch_add(self::waited() - waited, Relaxed);
        elapsed
    }

    /// Runs rounds until no thread waited for a core, or the tries are used up.
    fn quiet_round(&self, place: usize, iterations: u64) -> f64 {
        let mut best = (f64::INFINITY, f64::NAN);
        for _ in 0..ATTEMPTS {
            let nanos = self.round(place, iterations);
            let waited = self.waited.load(Relaxed) as f64 / (nanos * iterations as f64);
            if waited < best.0 {
                best = (waited, nanos);
            }
            if waited < 0.02 {
                return nanos;
            }
        }
        self.disturbed.fetch_add(1, Relaxed);
        best.1
    }

    /// Returns the nanoseconds per operation of one round: each thread runs all iterations, and the slowest thread counts.
    fn round(&self, place: usize, iterations: u64) -> f64 {
        self.waited.store(0, Relaxed);
        self.place.store(place, Relaxed);
        self.iterations.store(iterations, Relaxed);
        self.finished.store(0, Relaxed);
        self.slowest.store(0, Relaxed);
        self.round.fetch_add(1, Release);
        let own = self.work(place, iterations);
        while self.finished.load(Acquire) < self.helpers {
            spin_loop();
        }
        own.max(self.slowest.load(Relaxed)) as f64 / iterations as f64
    }

    /// Number of iterations that fill a round.
    fn calibrate(&self, place: usize) -> u64 {
        // The first one makes what later ones use again, and is no measure of them.
        self.round(place, 1);
        let mut iterations = 1;
        loop {
            let nanos = self.round(place, iterations) * iterations as f64;
            if nanos > ROUND.as_nanos() as f64 / 4.0 {
                let factor = ROUND.as_nanos() as f64 / nanos;
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
                return ((iterations as f64 * factor) as u64).max(1);
            }
            iterations *= 4;
        }
    }
}
