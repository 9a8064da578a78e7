//! Series that threads have looked up, while series come and go.

use loom::sync::Arc;

use super::{
    end_thread, model,
    series::{count, expect, read, remove, set},
    spawn,
};
use crate::{
    Capped, LabelField,
    label::{CacheKey, CappedText},
    series::SeriesSet,
};

/// Counts as a family does.
fn count_again(set: &SeriesSet, name: &str, amount: u64) {
    let (text, mut key) = (CappedText::new(name), CacheKey::default());
    Capped::<2>::from(name).write_key(&mut key);
    let cells = set.cached(&key);
    cells.unwrap_or_else(|| set.look_up(&key, |interners| interners.position(0, &text))).add(0, amount);
}

#[test]
fn a_series_is_not_cached_past_its_removal() {
    model(3, || {
        let set = set::<2>();
        count(&set, "a", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            remove(&other, "a");
        });
        // Before the removal, or late, or in a new series.
        count_again(&set, "a", 2);
        thread.join().unwrap();
        count_again(&set, "a", 4);
        let seen = read(&set);
        assert!(matches!(&*seen, [(name, 4 | 6)] if name == "a"), "{seen:?}");
    });
}

#[test]
fn a_series_that_is_made_again_is_found() {
    model(2, || {
        let set = set::<2>();
        count_again(&set, "a", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            remove(&other, "a");
            count_again(&other, "a", 16);
        });
        count_again(&set, "a", 2);
        thread.join().unwrap();
        count_again(&set, "a", 4);
        let seen = read(&set);
        assert!(matches!(&*seen, [(name, 20 | 22)] if name == "a"), "{seen:?}");
    });
}

#[test]
fn a_cache_goes_on_with_its_slab() {
    model(2, || {
        let set = set::<2>();
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            count_again(&other, "a", 1);
            end_thread();
            // A destructor: the slab may be another thread's by now.
            count_again(&other, "b", 16);
            count_again(&other, "a", 1);
        });
        count_again(&set, "a", 4);
        count_again(&set, "b", 64);
        count_again(&set, "a", 4);
        thread.join().unwrap();
        count_again(&set, "b", 64);
        expect(&set, &[("a", 10), ("b", 144)]);
    });
}
