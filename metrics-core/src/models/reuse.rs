//! Slots that go from owner to owner, with the former sums as their base.

use loom::sync::Arc;

use super::{FLOAT, counter, model, spawn};
use crate::cell::Slots;

#[test]
fn a_slot_that_is_used_again_starts_at_zero() {
    model(3, || {
        let slots = Arc::new(counter());
        let former = |amount| {
            let slots = Arc::clone(&slots);
            spawn(move || {
                slots.cells().add(0, amount);
                drop(slots);
            })
        };
        let (first, second) = (former(1), former(4));
        drop(slots);
        // These are the former slots or others, as it comes.
        let next = counter();
        let cells = next.cells();
        assert_eq!(cells.sum(0), 0);
        cells.add(0, 16);
        first.join().unwrap();
        second.join().unwrap();
        let third = spawn(move || cells.add(0, 64));
        third.join().unwrap();
        assert_eq!(cells.sum(0), 80);
        // And these are the other ones.
        assert_eq!(counter().cells().sum(0), 0);
    });
}

#[test]
fn a_float_that_is_used_again_is_exactly_zero() {
    model(3, || {
        let slots = Slots::allocate(1, FLOAT).expect("slots");
        let former = spawn(move || {
            slots.cells().add_f64(0, 0.1);
            slots.cells().add_shared_f64(0, 0.7);
            drop(slots);
        });
        let next = Slots::allocate(1, FLOAT).expect("slots");
        let cells = next.cells();
        assert_eq!(cells.sum_f64(0).to_bits(), 0);
        former.join().unwrap();
        spawn(move || cells.add_f64(0, 0.25)).join().unwrap();
        assert_eq!(cells.sum_f64(0).to_bits(), 0.25_f64.to_bits());
    });
}
