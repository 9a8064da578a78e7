//! Interleaved rounds, medians, ratios.

use std::{
    hint::black_box,
    sync::{Barrier, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How long one round of a contestant takes, about.
const ROUND: Duration = Duration::from_millis(20);

/// How many rounds each contestant runs: fewer with `--quick`.
fn rounds() -> usize {
    if std::env::args().any(|argument| argument == "--quick") { 5 } else { 21 }
}

/// Something to be measured: it does its work so many times.
pub(crate) struct Contestant {
    name: &'static str,
    work: Box<dyn Fn(u64) + Sync>,
}

impl Contestant {
    /// A contestant; `work` loops by itself so that nothing stands between the iterations.
    pub(crate) fn new(name: &'static str, work: impl Fn(u64) + Sync + 'static) -> Self {
        Self { name, work: Box::new(work) }
    }

    /// A contestant that goes through inputs that were made before.
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

/// A contestant that does `$body` in a loop.
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

/// What a contestant was measured at.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) work: &'static str,
    pub(crate) threads: usize,
    pub(crate) name: &'static str,
    pub(crate) nanos: f64,
}

static RESULTS: Mutex<Vec<Measured>> = Mutex::new(Vec::new());

/// All that was measured until now.
pub(crate) fn results() -> Vec<Measured> {
    RESULTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Measures the contestants on so many threads and prints nanoseconds an operation, and how often the first one, ours, goes
/// into each.
pub(crate) fn compare(title: &'static str, threads: usize, contestants: &[Contestant]) {
    let iterations: Vec<u64> = contestants.iter().map(|contestant| calibrate(contestant, threads)).collect();
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..rounds() {
        for ((contestant, iterations), times) in contestants.iter().zip(&iterations).zip(&mut times) {
            times.push(round(contestant, threads, *iterations));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    let ours = medians.first().copied().unwrap_or(f64::NAN);
    println!("\n{title}, {threads} thread{}", if threads == 1 { "" } else { "s" });
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

/// How many iterations fill a round.
fn calibrate(contestant: &Contestant, threads: usize) -> u64 {
    let mut iterations = 1;
    loop {
        let nanos = round(contestant, threads, iterations) * iterations as f64;
        if nanos > ROUND.as_nanos() as f64 / 4.0 {
            let factor = ROUND.as_nanos() as f64 / nanos;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
            return ((iterations as f64 * factor) as u64).max(1);
        }
        iterations *= 4;
    }
}

/// The nanoseconds an operation of one round: each thread does all iterations, and the slowest counts.
fn round(contestant: &Contestant, threads: usize, iterations: u64) -> f64 {
    let barrier = Barrier::new(threads);
    let work = || {
        barrier.wait();
        let start = Instant::now();
        (contestant.work)(black_box(iterations));
        start.elapsed()
    };
    let slowest = if threads == 1 {
        work()
    } else {
        thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok()).max().unwrap_or_default()
        })
    };
    slowest.as_nanos() as f64 / iterations as f64
}
