//! Cells, chunks and directories that appear while others read.

use super::{FLOAT, counter, model, spawn};
use crate::cell::{CellKind, SeriesShape, Slots};

#[test]
fn a_reader_misses_nothing_while_cells_appear() {
    model(3, || {
        // The first is in the first flat cells, the second where they have to grow, the third in a chunk.
        let wide = SeriesShape { width: 3, special: CellKind::Integer };
        let (first, _between, second) = (counter(), [counter(), counter()], counter());
        let third = Slots::allocate(1, wide).expect("slots");
        let all = [&first, &second, &third].map(Slots::cells);
        let [flat, grown, chunked] = all;
        let thread = spawn(move || {
            flat.add(0, 1);
            grown.add(0, 1);
            chunked.add(0, 1);
            flat.add(0, 1);
        });
        let before = all.map(|cells| cells.sum(0));
        let after = all.map(|cells| cells.sum(0));
        assert!(before.iter().zip(after).all(|(before, after)| *before <= after), "{before:?}, {after:?}");
        thread.join().unwrap();
        assert_eq!(all.map(|cells| cells.sum(0)), [2, 1, 1]);
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
