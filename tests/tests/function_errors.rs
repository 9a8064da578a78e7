//! Errors of annotated functions, also inside of other types.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// The forms are what is tested.
#![allow(clippy::missing_const_for_fn, clippy::unnecessary_box_returns)]

use std::{num::ParseIntError, pin::Pin};

use guard_attribute::guarded;
use metrics_core::{LabelValue, Registry, counted, observed};
use tests::futures::to_the_end;

/// The outcomes on the page of a function's calls.
fn calls_of(function: &str) -> Vec<String> {
    let start = format!("function_calls_total{{function=\"{function}\",module=\"{}\",", module_path!());
    let page = Registry::global().text();
    page.lines().filter_map(|line| line.strip_prefix(start.as_str())).map(str::to_owned).collect()
}

#[observed]
fn in_a_box(fails: bool) -> Box<Result<u8, ()>> {
    Box::new(if fails { Err(()) } else { Ok(1) })
}

#[observed]
fn in_a_tuple(fails: bool) -> (Result<u8, ()>,) {
    (if fails { Err(()) } else { Ok(1) },)
}

#[observed]
fn in_a_pinned_box(fails: bool) -> Pin<Box<Result<u8, ()>>> {
    Box::pin(if fails { Err(()) } else { Ok(1) })
}

#[observed]
fn in_an_either(fails: bool) -> either::Either<Result<u8, ()>, (Result<u8, ()>,)> {
    if fails { either::Right((Err(()),)) } else { either::Left(Ok(1)) }
}

trait Flip {
    fn flip(self) -> Self;
}

#[observed]
impl Flip for Result<u8, u8> {
    fn flip(self) -> Self {
        match self {
            Ok(value) => Err(value),
            Err(value) => Ok(value),
        }
    }
}

/// No type tells that it is a `Result`, so a call that returns is `ok`; `error_if` decides otherwise.
#[observed]
fn same<T>(value: T) -> T {
    value
}

#[test]
fn errors_are_found_inside_of_other_types() {
    let calls = |function: &str| {
        let of = |result: &str, count: u8| format!("result=\"{result}\"}} {count}");
        (calls_of(function), vec![of("error", 1), of("ok", 1)])
    };
    for fails in [false, true] {
        let _ = (in_a_box(fails), in_a_tuple(fails), in_a_pinned_box(fails), in_an_either(fails));
        let _ = if fails { Ok(1).flip() } else { Err(1).flip() };
    }
    for function in ["in_a_box", "in_a_tuple", "in_a_pinned_box", "in_an_either", "Result::flip"] {
        let (found, expected) = calls(function);
        assert_eq!(found, expected);
    }
    let _ = (same(Ok::<u8, u8>(1)), same(Err::<u8, u8>(1)));
    let (found, _) = calls("same");
    assert!(found.iter().any(|line| line.ends_with("result=\"ok\"} 2")), "{found:?}");
}

// The guard is expanded first, and the attribute sees what it made: its refusals are calls.

#[guarded(is_refused)]
#[observed]
async fn below_a_guard(is_refused: bool, text: &str) -> Result<u8, ParseIntError> {
    let value = text.parse()?;
    Ok(value)
}

// The attribute is expanded first, and the guard stands around it: what is refused is no call.

#[observed]
#[guarded(is_refused)]
async fn above_a_guard(is_refused: bool, text: &str) -> Result<u8, ParseIntError> {
    let value = text.parse()?;
    Ok(value)
}

#[guarded(is_refused)]
#[observed]
fn below_without_async(is_refused: bool, text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

#[observed]
#[guarded(is_refused)]
fn above_without_async(is_refused: bool, text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

#[test]
fn errors_are_found_below_and_above_an_attribute_that_changes_the_return_type() {
    for (is_refused, text) in [(false, "1"), (false, "x"), (false, "y"), (true, "1")] {
        let _ = to_the_end(below_a_guard(is_refused, text));
        let _ = to_the_end(above_a_guard(is_refused, text));
        let _ = (below_without_async(is_refused, text), above_without_async(is_refused, text));
    }
    for function in ["below_a_guard", "below_without_async"] {
        assert_eq!(calls_of(function), ["result=\"error\"} 2", "result=\"ok\"} 2"], "{function}");
    }
    for function in ["above_a_guard", "above_without_async"] {
        assert_eq!(calls_of(function), ["result=\"error\"} 2", "result=\"ok\"} 1"], "{function}");
    }
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "lowercase")]
enum Kind {
    Empty,
    Other,
}

impl Kind {
    const fn of(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Other }
    }
}

/// Texts that were read.
#[guarded(text == "refused")]
#[counted(name = "errors_guarded_total", labels(kind = error(|err: &String| Kind::of(err)), result))]
fn guarded_read(text: &str) -> Result<u8, String> {
    Err(text.to_owned())
}

#[test]
fn labels_of_errors_are_found_below_a_guard() {
    let _ = (guarded_read(""), guarded_read("x"), guarded_read("refused"));
    let page = Registry::global().text();
    for line in [
        "errors_guarded_total{kind=\"empty\",result=\"error\"} 1",
        "errors_guarded_total{kind=\"other\",result=\"error\"} 1",
        "errors_guarded_total{result=\"ok\"} 1",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
}
