//! Series that are removed while somebody has a handle.

use loom::sync::{
    Arc,
    atomic::{
        AtomicU64,
        Ordering::{Acquire, Release},
    },
};

use super::{INTEGER, SHARED, model, spawn};
use crate::cell::{Cells, SeriesShape, Slots};

fn guarded(shape: SeriesShape) -> Slots {
    Slots::allocate_guarded(shape).expect("slots")
}

#[test]
fn late_writes_reach_nobody_and_the_next_owner_loses_nothing() {
    model(3, || {
        let former = guarded(INTEGER);
        let late = former.cells();
        let place = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&place);
        let thread = spawn(move || {
            late.add(0, 100);
            // As a look-up finds it.
            let bits = seen.load(Acquire);
            if bits != 0 {
                Cells::from_bits(bits).add(0, 1);
            }
            late.add(0, 100);
            if bits != 0 {
                Cells::from_bits(bits).add(0, 1);
            }
        });
        drop(former);
        let next = guarded(INTEGER);
        let cells = next.cells();
        assert_eq!(cells.sum(0), 0);
        place.store(cells.to_bits(), Release);
        let before = cells.sum(0);
        cells.add(0, 10);
        let after = cells.sum(0);
        assert!(before <= 2 && before + 10 <= after && after <= 12, "{before}, then {after}");
        thread.join().unwrap();
        assert!([10, 12].contains(&cells.sum(0)), "{}", cells.sum(0));
    });
}

#[test]
fn a_slab_with_a_former_generation_starts_anew() {
    model(3, || {
        let former = guarded(INTEGER);
        let late = former.cells();
        spawn(move || late.add(0, 100)).join().unwrap();
        drop(former);
        let next = guarded(INTEGER);
        let cells = next.cells();
        // One of them has the slab with the former series' cells.
        let threads = [1, 4].map(|amount| {
            spawn(move || {
                cells.add(0, amount);
                late.add(0, 100);
                cells.add(0, amount);
            })
        });
        let seen = cells.sum(0);
        assert!(seen <= 10, "{seen}");
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(cells.sum(0), 10);
    });
}

#[test]
fn late_reads_see_nothing_of_the_next_owner() {
    model(3, || {
        let former = guarded(INTEGER);
        let late = former.cells();
        spawn(move || late.add(0, 100)).join().unwrap();
        drop(former);
        let next = guarded(INTEGER);
        let cells = next.cells();
        // It has the slab with the former series' cells.
        let thread = spawn(move || cells.add(0, 1));
        let seen = late.sum(0);
        assert!([0, 100].contains(&seen), "{seen}");
        thread.join().unwrap();
        assert_eq!((late.sum(0), cells.sum(0)), (0, 1));
    });
}

#[test]
fn late_reads_of_shared_cells_see_nothing_of_the_next_owner() {
    model(3, || {
        let former = guarded(SHARED);
        let late = former.cells();
        late.set_shared(0, 100);
        let thread = spawn(move || {
            drop(former);
            guarded(SHARED).cells().set_shared(0, 7);
        });
        let seen = late.get_shared(0);
        assert!([0, 100].contains(&seen), "{seen}");
        thread.join().unwrap();
        assert_eq!(late.get_shared(0), 0);
    });
}

#[test]
fn late_writes_of_shared_cells_reach_nobody() {
    model(3, || {
        let former = guarded(SHARED);
        let late = former.cells();
        let thread = spawn(move || {
            late.set_shared(0, 100);
            late.add_shared_f64(0, 1.0);
        });
        drop(former);
        let next = guarded(SHARED);
        let cells = next.cells();
        assert_eq!(cells.get_shared(0), 0);
        cells.set_shared(0, 7);
        assert_eq!(cells.get_shared(0), 7);
        thread.join().unwrap();
        assert_eq!(cells.get_shared(0), 7);
    });
}
