//! Time and memory of registration, and time of a scrape, as the number of definitions grows.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Instant,
};

use metrics_core::{Counter, Definition, Histogram, Registry};

use crate::report::{Row, per_unit, scrape};

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

/// Runs a closure once and prints its time and the growth of live memory.
fn register<R>(work: &str, units: u32, run: impl FnOnce() -> R) -> R {
    let (before, start) = (LIVE.load(Relaxed), Instant::now());
    let result = run();
    let nanos = start.elapsed().as_secs_f64() * 1e9;
    let bytes = LIVE.load(Relaxed).saturating_sub(before) as f64 / f64::from(units);
    per_unit(&Row { work: &format!("{work}, {bytes:.0} B each"), units, unit: "definition" }, nanos);
    result
}

/// Prints the time a definition for 1,000 to 100,000 of them; `is_quick` leaves the largest number out.
pub(crate) fn report(is_quick: bool) {
    let sizes: &[u32] = if is_quick { &[1_000, 10_000] } else { &[1_000, 10_000, 100_000] };
    for &units in sizes {
        let registry = Registry::new();
        let define = |number: u32| {
            let definition = Definition::new("jobs_total", "Jobs.").label("queue", number.to_string());
            registry.register::<Counter>(&definition).expect("a legal definition")
        };
        let _alive =
            register("register, by a constant label", units, || (0..units).map(define).collect::<Vec<_>>());
        scrape(&Row { work: "scrape of the same", units, unit: "definition" }, &registry);
    }
    for &units in sizes {
        let registry = Registry::new();
        let define = |number: u32| {
            let definition = Definition::new(format!("jobs_{number}_total"), "Jobs.");
            registry.register::<Counter>(&definition).expect("a legal definition")
        };
        let _alive =
            register("register, counters by name", units, || (0..units).map(define).collect::<Vec<_>>());
        scrape(&Row { work: "scrape of the same", units, unit: "definition" }, &registry);
    }
    for &units in sizes {
        let registry = Registry::new();
        let define = |number: u32| {
            let definition = Definition::new(format!("job_{number}_duration_seconds"), "Duration.");
            registry.register::<Histogram>(&definition).expect("a legal definition")
        };
        let _alive =
            register("register, histograms by name", units, || (0..units).map(define).collect::<Vec<_>>());
        scrape(&Row { work: "scrape of the same", units, unit: "definition" }, &registry);
    }
}
