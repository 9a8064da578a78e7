//! How often a scrape allocates: as often with ten times the series.

// An allocator is unsafe to implement; this one counts and leaves the rest to the system's.
#![allow(unsafe_code)]
#![cfg(feature = "enabled")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use metrics_core::{Counter, Definition, Family, Format, Histogram, LabelSet, Page, Registry, Scrape};

/// The system's allocator, with the calls of each thread that took memory.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn note() {
    let _no_longer = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        // SAFETY: the caller's promises are the system's.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Clone, LabelSet)]
struct Number {
    number: metrics_core::Capped<10_000>,
}

/// The allocations of a scrape of so many counters and a tenth as many histograms, into a page that has grown already.
fn allocations(series: usize, format: Format) -> usize {
    let registry = Registry::new();
    let counters: Family<Number, Counter> =
        registry.register(&Definition::new("series_total", "Series.")).unwrap();
    let histograms: Family<Number, Histogram> =
        registry.register(&Definition::new("series_seconds", "Series.")).unwrap();
    for number in 0..series {
        counters.with(Number { number: number.to_string().into() }).inc();
        if number % 10 == 0 {
            histograms.with(Number { number: number.to_string().into() }).observe(0.5);
        }
    }
    let (scrape, mut page) = (Scrape::new(format), Page::default());
    registry.scrape(&scrape, &mut page);
    let before = CALLS.get();
    registry.scrape(&scrape, &mut page);
    assert!(page.as_ref().len() > series * 10);
    CALLS.get() - before
}

#[test]
fn a_scrape_allocates_as_often_for_any_number_of_series() {
    for format in [Format::Text, Format::OpenMetrics, Format::Protobuf] {
        let few = allocations(1000, format);
        assert_eq!(allocations(10_000, format), few, "{format:?}");
        assert!(few <= 40, "{format:?}: {few}");
    }
}
