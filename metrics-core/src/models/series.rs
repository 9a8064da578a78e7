//! Series and strings that come and go while others count in them.

use loom::sync::Arc;

use super::{model, spawn};
use crate::{
    Capped, Definition, Dimension, MetricType,
    label::{CappedText, start_of},
    model::Layout,
    series::{SeriesSet, SetOptions},
};

/// Series with one capped label.
pub(super) fn set<const LIMIT: usize>() -> Arc<SeriesSet> {
    let dimensions = [Dimension::of::<Capped<LIMIT>>("name")];
    let descriptor = Definition::new("calls_total", "Calls.").descriptor(MetricType::Counter, &dimensions);
    Arc::new(SeriesSet::new(descriptor, Layout::Counter, SetOptions::default()).expect("a set"))
}

pub(super) fn count(set: &SeriesSet, name: &str, amount: u64) {
    let text = CappedText::new(name);
    set.cells(|interners| interners.position(0, &text)).add(0, amount);
}

pub(super) fn remove(set: &SeriesSet, name: &str) -> bool {
    let text = CappedText::new(name);
    set.remove(|interners| interners.position(0, &text))
}

/// Returns the sums by label value.
pub(super) fn read(set: &SeriesSet) -> Vec<(String, u64)> {
    let mut series = Vec::new();
    set.read(|of_set, sums| {
        let name = of_set.labels.text().split('"').nth(1).unwrap_or_default().to_owned();
        series.push((name, sums.iter().sum()));
    });
    series.sort();
    series
}

/// Asserts the sums of all series.
pub(super) fn expect(set: &SeriesSet, expected: &[(&str, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(name, sum)| ((*name).to_owned(), *sum)).collect();
    assert_eq!(read(set), expected);
}

#[test]
fn threads_that_make_the_same_series_count_in_one() {
    model(2, || {
        let set = set::<1>();
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            count(&other, "a", 1);
            count(&other, "a", 1);
        });
        count(&set, "a", 4);
        let seen = read(&set);
        assert!(matches!(&*seen, [(name, 4..=6)] if name == "a"), "{seen:?}");
        thread.join().unwrap();
        expect(&set, &[("a", 6)]);
    });
}

#[test]
fn threads_that_make_different_series_count_in_their_own() {
    model(2, || {
        let set = set::<2>();
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            count(&other, "a", 1);
            count(&other, "", 16);
        });
        count(&set, "", 4);
        thread.join().unwrap();
        expect(&set, &[("", 20), ("a", 1)]);
    });
}

#[test]
fn a_string_that_takes_the_place_of_another_gets_none_of_its_counts() {
    model(2, || {
        let set = set::<1>();
        count(&set, "a", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || count(&other, "a", 1));
        assert!(remove(&set, "a"));
        count(&set, "b", 100);
        for (name, sum) in read(&set) {
            match &*name {
                "a" => assert!(sum <= 1, "{sum}"),
                "b" => assert_eq!(sum, 100),
                _ => assert!(sum <= 101, "{sum}"),
            }
        }
        thread.join().unwrap();
        // One of them came first, the other is past the limit; the late count may have gone with the series.
        let seen: Vec<_> = read(&set);
        let seen: Vec<_> = seen.iter().map(|(name, sum)| (name.as_str(), *sum)).collect();
        let known: [&[_]; 3] = [&[("_OTHER", 1), ("b", 100)], &[("b", 100)], &[("_OTHER", 100), ("a", 1)]];
        assert!(known.contains(&&*seen), "{seen:?}");
    });
}

#[test]
fn a_string_keeps_its_series_while_another_is_removed() {
    model(2, || {
        let set = set::<2>();
        count(&set, "a", 1);
        count(&set, "b", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || count(&other, "b", 1));
        assert!(remove(&set, "a"));
        count(&set, "c", 100);
        thread.join().unwrap();
        expect(&set, &[("b", 2), ("c", 100)]);
    });
}

#[test]
fn two_that_remove_one_series_remove_it_once() {
    model(2, || {
        let set = set::<1>();
        count(&set, "a", 1);
        let other = Arc::clone(&set);
        let removed = Arc::new(loom::sync::atomic::AtomicU64::new(0));
        let by_other = Arc::clone(&removed);
        let thread = spawn(move || {
            let one = u64::from(remove(&other, "a"));
            by_other.fetch_add(one, loom::sync::atomic::Ordering::Relaxed);
        });
        let one = u64::from(remove(&set, "a"));
        thread.join().unwrap();
        assert_eq!(one + removed.load(loom::sync::atomic::Ordering::Relaxed), 1);
        count(&set, "b", 1);
        expect(&set, &[("b", 1)]);
    });
}

/// Nothing is lost that is counted under a string while it takes another's place.
#[test]
fn a_string_that_takes_a_place_loses_nothing() {
    model(3, || {
        let set = set::<1>();
        count(&set, "a", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || count(&other, "b", 1));
        assert!(remove(&set, "a"));
        count(&set, "b", 100);
        thread.join().unwrap();
        assert_eq!(read(&set).iter().map(|(_, sum)| sum).sum::<u64>(), 101);
    });
}

/// The names whose look-up begins where that of `name` does, in a table of this length.
fn beside(length: usize, name: &str) -> impl Iterator<Item = String> + use<> {
    let start = move |name: &str| start_of(length, CappedText::new(name).short());
    let (wanted, name) = (start(name), name.to_owned());
    ('a'..='z').map(String::from).filter(move |other| *other != *name && start(other) == wanted)
}

/// An entry without its words yet looks like the empty string.
#[test]
fn the_empty_string_is_not_taken_for_one_that_is_being_published() {
    let name = beside(4, "").next().expect("a string that is looked up where the empty one is");
    model(2, move || {
        let set = set::<2>();
        let other = Arc::clone(&set);
        let thread = spawn(move || count(&other, "", 4));
        count(&set, &name, 1);
        thread.join().unwrap();
        expect(&set, &[("", 4), (&name, 1)]);
    });
}

/// While the table is made anew, a string comes to a place of which somebody has read the former string.
#[test]
fn a_string_is_not_taken_for_one_whose_place_it_gets() {
    let first = "a".to_owned();
    let mut beside_first = beside(8, &first);
    let (second, gone) = (beside_first.next().expect("a name"), beside_first.next().expect("another"));
    model(2, move || {
        let set = set::<3>();
        for name in [&gone, &first, &second] {
            count(&set, name, 1);
        }
        let (other, name) = (Arc::clone(&set), second.clone());
        let thread = spawn(move || count(&other, &name, 4));
        assert!(remove(&set, &gone));
        thread.join().unwrap();
        let mut expected = [(&*first, 1), (&*second, 5)];
        expected.sort_unstable();
        expect(&set, &expected);
    });
}

/// A string gets its position while the table grows for another.
#[test]
fn a_string_is_found_while_the_table_grows() {
    model(2, || {
        let set = set::<4>();
        count(&set, "a", 1);
        let other = Arc::clone(&set);
        let thread = spawn(move || {
            count(&other, "a", 4);
            count(&other, "b", 4);
        });
        count(&set, "c", 1);
        count(&set, "b", 1);
        thread.join().unwrap();
        expect(&set, &[("a", 5), ("b", 5), ("c", 1)]);
    });
}
