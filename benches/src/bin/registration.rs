//! Time and memory of registration as the number of definitions grows: a cost per definition that rises is a cliff.
//!
//! `cargo run --release -p benches --bin registration`; `--quick` leaves the largest numbers out.

// An allocator is unsafe to implement; this one counts and leaves the rest to the system's.
#![allow(unsafe_code)]
// A thousand functions that are only there to be registered.
#![allow(dead_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

use metrics_core::{Counter, Definition, Histogram, Registry};

/// The system's allocator with the number of bytes in use.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

macro_rules! ten {
    ($($rest:ident)+; $what:ident) => { $(mod $rest { $crate::$what!{} })+ };
}
macro_rules! function {
    () => {
        /// Does nothing.
        #[::metrics_core::counted]
        #[::metrics_core::timed]
        fn function() -> Result<(), ()> {
            Ok(())
        }
    };
}
macro_rules! ten_functions {
    () => {
        ten! { a b c d e f g h i j; function }
    };
}
macro_rules! hundred_functions {
    () => {
        ten! { a b c d e f g h i j; ten_functions }
    };
}
use function;
use hundred_functions;
use ten_functions;

mod thousand_functions {
    ten! { a b c d e f g h i j; hundred_functions }
}

/// Runs a closure once and prints its time and live memory, in all and for each of `count` items.
fn report<R>(work: &str, count: u32, run: impl FnOnce() -> R) -> R {
    let (before, start) = (LIVE.load(Relaxed), Instant::now());
    let result = run();
    let elapsed = start.elapsed();
    let bytes = LIVE.load(Relaxed).saturating_sub(before);
    let each = |total: f64| total / f64::from(count);
    println!(
        "{work:<58} {count:>8} {:>9.2} ms {:>8.0} ns each {:>7.0} B each",
        milliseconds(elapsed),
        each(elapsed.as_secs_f64() * 1e9),
        each(bytes as f64),
    );
    result
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let counts: &[u32] = if is_quick { &[1_000, 10_000] } else { &[1_000, 10_000, 100_000] };
    report("first page, 1,000 functions counted and timed", 1000, || Registry::global().text().len());
    report("second page of the same", 1000, || Registry::global().text().len());
    for &count in counts {
        let registry = Registry::new();
        report("definitions of one name, by a constant label", count, || {
            let define = |number: u32| {
                let definition = Definition::new("jobs_total", "Jobs.").label("queue", number.to_string());
                registry.register::<Counter>(&definition).expect("a legal definition")
            };
            (0..count).map(define).collect::<Vec<_>>()
        });
    }
    for &count in counts {
        let registry = Registry::new();
        report("histograms of names of their own, 11 buckets", count, || {
            let define = |number: u32| {
                let definition = Definition::new(format!("job_{number}_duration_seconds"), "Duration.");
                registry.register::<Histogram>(&definition).expect("a legal definition")
            };
            (0..count).map(define).collect::<Vec<_>>()
        });
    }
}
