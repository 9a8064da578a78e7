//! Errors of annotated functions, also inside of other types.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// The forms are what is tested.
#![allow(clippy::missing_const_for_fn, clippy::unnecessary_box_returns)]

use metrics_core::{Registry, observed};

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
        let _ = (in_a_box(fails), in_a_tuple(fails));
        let _ = if fails { Ok(1).flip() } else { Err(1).flip() };
    }
    for function in ["in_a_box", "in_a_tuple", "Result::flip"] {
        let (found, expected) = calls(function);
        assert_eq!(found, expected);
    }
    let _ = (same(Ok::<u8, u8>(1)), same(Err::<u8, u8>(1)));
    let (found, _) = calls("same");
    assert!(found.iter().any(|line| line.ends_with("result=\"ok\"} 2")), "{found:?}");
}
