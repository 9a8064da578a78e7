//! Slabs that go from thread to thread.

use super::{INTEGER, counter, end_thread, model, spawn};
use crate::cell::{Cells, Slots, fold_ended, number_of_slabs};

/// Reads twice and checks that the sum does not fall.
fn scrape(cells: Cells) {
    let before = cells.sum(0);
    let after = cells.sum(0);
    assert!(before <= after, "the sum went down from {before} to {after}");
}

#[test]
fn a_slab_that_is_handed_on_keeps_its_sums() {
    model(3, || {
        let slots = counter();
        let cells = slots.cells();
        let first = spawn(move || {
            cells.add(0, 1);
            cells.add(0, 1);
        });
        let second = spawn(move || {
            cells.add(0, 4);
            cells.add(0, 4);
        });
        scrape(cells);
        first.join().unwrap();
        second.join().unwrap();
        assert_eq!(cells.sum(0), 10);
    });
}

#[test]
fn a_destructor_after_the_hand_over_counts_in_the_shared_slab() {
    model(3, || {
        let slots = counter();
        let cells = slots.cells();
        let first = spawn(move || {
            cells.add(0, 1);
            end_thread();
            cells.add(0, 1);
            cells.add(0, 1);
        });
        let second = spawn(move || {
            cells.add(0, 4);
            cells.add(0, 4);
        });
        first.join().unwrap();
        second.join().unwrap();
        assert_eq!(cells.sum(0), 11);
    });
}

#[test]
fn threads_past_the_limit_share_a_slab() {
    model(2, || {
        let slots = counter();
        let cells = slots.cells();
        // Models have two slabs.
        let threads: Vec<_> = [1, 4, 16].map(|amount| spawn(move || cells.add(0, amount))).into();
        cells.add(0, 64);
        scrape(cells);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(cells.sum(0), 85);
    });
}

#[test]
fn threads_that_come_one_after_the_other_need_one_slab() {
    model(3, || {
        let slots = counter();
        let cells = slots.cells();
        for _ in 0..3 {
            spawn(move || cells.add(0, 1)).join().unwrap();
        }
        assert_eq!((cells.sum(0), number_of_slabs()), (3, 1));
    });
}

#[test]
fn a_reader_misses_nothing_while_ended_slabs_are_folded() {
    model(2, || {
        let slots = counter();
        let cells = slots.cells();
        let threads = [1, 4].map(|amount| spawn(move || cells.add(0, amount)));
        for thread in threads {
            thread.join().unwrap();
        }
        let before = cells.sum(0);
        assert_eq!(before, 5);
        let folding = spawn(fold_ended);
        // It may get the folded slab, or one of the others before.
        let counting = spawn(move || cells.add(0, 16));
        scrape(cells);
        folding.join().unwrap();
        counting.join().unwrap();
        assert_eq!(cells.sum(0), 21);
        fold_ended();
        assert_eq!(cells.sum(0), 21);
    });
}

#[test]
fn a_removed_series_leaves_nothing_in_a_folded_slab() {
    model(2, || {
        let former = Slots::allocate_guarded(INTEGER).expect("slots");
        let late = former.cells();
        let threads = [1, 4].map(|amount| spawn(move || late.add(0, amount)));
        for thread in threads {
            thread.join().unwrap();
        }
        let folding = spawn(fold_ended);
        former.retire();
        drop(former);
        let next = Slots::allocate_guarded(INTEGER).expect("slots");
        let cells = next.cells();
        cells.add(0, 16);
        folding.join().unwrap();
        assert_eq!(cells.sum(0), 16);
    });
}
