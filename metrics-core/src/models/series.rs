//! Series and strings that come and go while others count in them.

use std::collections::HashMap;

use loom::sync::Arc;

use super::{model, spawn};
use crate::{
    Capped, Definition, Dimension, MetricType,
    label::{Text, entry_of},
    model::Layout,
    series::{SeriesSet, SetOptions},
    sync::RandomState,
};

/// Series with one capped label.
pub(super) fn set<const LIMIT: usize>() -> Arc<SeriesSet> {
    let dimensions = [Dimension::of::<Capped<LIMIT>>("name")];
    let descriptor = Definition::new("calls_total", "Calls.").descriptor(MetricType::Counter, &dimensions);
    Arc::new(SeriesSet::new(descriptor, Layout::Counter, SetOptions::default()).expect("a set"))
}

pub(super) fn count(set: &SeriesSet, name: &str, amount: u64) {
    let text = Text::new(name);
    set.cells(|interners| interners.position(0, &text)).add(0, amount);
}

pub(super) fn remove(set: &SeriesSet, name: &str) -> bool {
    let text = Text::new(name);
    set.remove(|interners| interners.position(0, &text))
}

/// The sums by what is between the quotes of the label.
pub(super) fn read(set: &SeriesSet) -> Vec<(String, u64)> {
    let mut series = Vec::new();
    set.read(&mut Vec::new(), |labels, sums| {
        let name = labels.split('"').nth(1).unwrap_or_default().to_owned();
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

/// The names whose look-up begins at the same entry of the table of a set's only label as that of `name`.
fn beside<const LIMIT: usize>(name: &str) -> impl Iterator<Item = String> {
    let entry = |name: &str| entry_of(LIMIT, &Text::new(name));
    let wanted = entry(name);
    ('a'..='z').map(String::from).filter(move |other| entry(other) == wanted)
}

/// An entry without its words yet looks like the empty string.
#[test]
fn the_empty_string_is_not_taken_for_one_that_is_being_published() {
    let name = beside::<2>("").next().expect("a string that is looked up where the empty one is");
    model(2, move || {
        let set = set::<2>();
        let other = Arc::clone(&set);
        let thread = spawn(move || count(&other, "", 4));
        count(&set, &name, 1);
        thread.join().unwrap();
        expect(&set, &[("", 4), (&name, 1)]);
    });
}

/// While the table is made anew, a string comes to an entry of which somebody has read the former place.
#[test]
fn a_string_is_not_taken_for_one_whose_entry_it_gets() {
    let (first, second, gone) = strings_that_change_places();
    model(2, move || {
        let set = set::<3>();
        for name in [&first, &second, &gone] {
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

/// Two strings that are looked up at one entry, of which the second gets it when the third is removed.
fn strings_that_change_places() -> (String, String, String) {
    for name in ('a'..='z').map(String::from) {
        let near: Vec<_> = beside::<3>(&name).collect();
        let Some(other) = near.iter().find(|other| **other != name) else { continue };
        for gone in ('a'..='z').map(String::from).filter(|gone| !near.contains(gone)) {
            // As the interner keeps them.
            let mut strings: HashMap<Box<str>, usize, RandomState> = HashMap::default();
            for (position, name) in [&name, other, &gone].into_iter().enumerate() {
                strings.insert(name.as_str().into(), position);
            }
            strings.remove(&*gone);
            if strings.keys().next().is_some_and(|first| **first == **other) {
                return (name, other.clone(), gone);
            }
        }
    }
    unreachable!("no strings change places");
}
