//! Memory of jemalloc, which is the allocator of this test.

use std::hint::black_box;

use metrics_core::{JemallocMetrics, Registry, testing::value};
use tikv_jemalloc_ctl::stats;
use tikv_jemallocator::Jemalloc;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

const MEBIBYTE: f64 = 1_048_576.0;

#[test]
fn memory_of_the_allocator() {
    let registry = Registry::new();
    let metrics = JemallocMetrics::register_in(&registry).unwrap();
    let read = || {
        ["allocated", "active", "resident", "mapped", "retained"].map(|name| {
            let bytes = value(&registry, &format!("jemalloc_{name}_bytes"));
            bytes.unwrap_or_else(|| panic!("{name} in\n{}", registry.text()))
        })
    };
    let [before, ..] = read();
    let memory = black_box(vec![7_u8; 64 << 20]);
    // Every second of them is freed: their pages stay active, which sets the two numbers apart.
    let mut small: Vec<_> = (0..200_000).map(|_| Some(Box::new([7_u8; 128]))).collect();
    small.iter_mut().step_by(2).for_each(|memory| *memory = None);
    // The address space of what is given back is retained.
    drop(black_box(vec![7_u8; 32 << 20]));
    let [allocated, active, resident, mapped, retained] = read();
    // Other threads of the test allocate little.
    assert!(allocated - before > 60.0 * MEBIBYTE, "{before} then {allocated}");
    for (name, bytes) in [("active", active), ("resident", resident), ("mapped", mapped)] {
        assert!(bytes > 64.0 * MEBIBYTE, "{name}: {bytes}");
    }
    // Each is jemalloc's own statistic of the name, which the page has refreshed.
    let refreshed = [
        stats::allocated::read(),
        stats::active::read(),
        stats::resident::read(),
        stats::mapped::read(),
        stats::retained::read(),
    ];
    for (bytes, refreshed) in [allocated, active, resident, mapped, retained].into_iter().zip(refreshed) {
        let refreshed = refreshed.unwrap() as f64;
        assert!((bytes - refreshed).abs() < MEBIBYTE, "{bytes} on the page, {refreshed} of jemalloc");
    }
    drop((memory, small));
    let [after, ..] = read();
    assert!(allocated - after > 60.0 * MEBIBYTE, "{allocated} then {after}");
    drop(metrics);
    assert!(!registry.text().contains("jemalloc_"));
}
