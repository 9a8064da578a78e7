//! Memory of jemalloc, which is the allocator of this test.

use std::hint::black_box;

use metrics_core::{JemallocMetrics, Registry, testing::value};
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
    let [allocated, active, resident, mapped, retained] = read();
    // Other threads of the test allocate little.
    assert!(allocated - before > 60.0 * MEBIBYTE, "{before} then {allocated}");
    for (name, bytes) in [("active", active), ("resident", resident), ("mapped", mapped)] {
        assert!(bytes > 64.0 * MEBIBYTE, "{name}: {bytes}");
    }
    assert!(retained >= 0.0);
    drop(memory);
    let [after, ..] = read();
    assert!(allocated - after > 60.0 * MEBIBYTE, "{allocated} then {after}");
    drop(metrics);
    assert!(!registry.text().contains("jemalloc_"));
}
