//! Finite series that are removed: they go back to zero where they are, while others count.

use loom::sync::Arc;

use super::{GAUGE, model, spawn};
use crate::{
    Definition, Dimension, MetricType,
    cell::Slots,
    model::Layout,
    series::{SeriesSet, SetOptions},
};

#[test]
fn two_that_remove_a_series_at_once_leave_zero() {
    model(3, || {
        let dimensions = [Dimension::of::<bool>("flag")];
        let descriptor =
            Definition::new("calls_total", "Calls.").descriptor(MetricType::Counter, &dimensions);
        let set = SeriesSet::new(descriptor, Layout::Counter, SetOptions::default()).expect("a set");
        let set = Arc::new(set);
        set.cells(|_| 1).add(0, 5);
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            other.remove(|_| 1);
            other.cells(|_| 1).add(0, 1);
        });
        set.remove(|_| 1);
        thread.join().unwrap();
        assert!(set.cells(|_| 1).sum(0) <= 1, "{}", set.cells(|_| 1).sum(0));
    });
}

/// As `metric::gauge` sets it.
#[test]
fn a_gauge_that_is_removed_while_a_thread_adds_first_can_be_set() {
    model(3, || {
        let slots = Slots::allocate(1, GAUGE).expect("slots");
        let cells = slots.cells();
        let thread = spawn(move || cells.add_marked(1));
        cells.subtract_sums(GAUGE);
        thread.join().unwrap();
        let marked = cells.get_shared(1) != 0;
        assert!(marked || cells.sum_owned(0) == 0, "a thread has added, and there is no mark");
    });
}
