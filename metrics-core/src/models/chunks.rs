//! Chunks and directories that appear while others read.

use super::{FLOAT, counter, model, spawn};
use crate::cell::{Shape, Slots, Word};

#[test]
fn a_reader_misses_nothing_while_a_directory_grows() {
    model(3, || {
        // Two series that are not in one chunk.
        let wide = Shape { width: 3, last: Word::Integer };
        let (first, _between, second) = (counter(), Slots::allocate(1, wide), counter());
        let (near, far) = (first.cells(), second.cells());
        let thread = spawn(move || {
            near.add(0, 1);
            far.add(0, 1);
            near.add(0, 1);
        });
        let (near_before, far_before) = (near.sum(0), far.sum(0));
        let (near_after, far_after) = (near.sum(0), far.sum(0));
        assert!(near_before <= near_after && far_before <= far_after);
        thread.join().unwrap();
        assert_eq!((near.sum(0), far.sum(0)), (2, 1));
    });
}

#[test]
fn threads_that_make_the_same_shared_chunk_use_one() {
    model(3, || {
        let slots = Slots::allocate(1, FLOAT).expect("slots");
        let cells = slots.cells();
        let threads = [1.0, 4.0].map(|amount| spawn(move || cells.add_shared_f64(0, amount)));
        let seen = cells.sum_f64(0);
        assert!([0.0, 1.0, 4.0, 5.0].contains(&seen), "{seen}");
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(cells.sum_f64(0).to_bits(), 5_f64.to_bits());
    });
}
