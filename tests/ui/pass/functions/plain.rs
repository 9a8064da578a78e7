//! Plain functions.

use std::{
    error::Error,
    fmt::{Debug, Display},
    io,
    num::ParseIntError,
    task::Poll,
};

use metrics_core::{counted, observed};

use crate::{ended, once};

#[observed]
fn nothing() {}

#[counted]
fn one_line() -> u8 {
    5
}

#[observed]
fn starts_with_items(value: u8) -> u8 {
    const ADDED: u8 = 1;
    use std::ops::Add as _;
    value.add(ADDED)
}

#[observed]
fn starts_with_items_and_fails(value: &str) -> Result<u8, ParseIntError> {
    const ADDED: u8 = 1;
    fn parse(value: &str) -> Result<u8, ParseIntError> {
        value.parse()
    }
    Ok(parse(value)? + ADDED)
}

#[observed]
fn question_mark(value: &str) -> Result<u8, ParseIntError> {
    let value: u8 = value.parse()?;
    Ok(value)
}

#[observed]
fn boxed_error(value: &str) -> Result<u8, Box<dyn Error>> {
    if value.is_empty() {
        return Err("empty".into());
    }
    Ok(value.parse()?)
}

#[observed]
fn alias() -> io::Result<()> {
    Ok(())
}

#[observed]
fn coerced() -> Box<dyn Display> {
    Box::new(5)
}

#[observed]
fn coerced_behind_a_path(fails: bool) -> Result<Box<dyn Display>, ParseIntError> {
    if fails {
        return Ok(Box::new("x".parse::<u8>()?));
    }
    Ok(Box::new("5"))
}

#[observed]
fn option(value: Option<u8>) -> Option<u8> {
    let value = value?;
    value.checked_add(1)
}

#[observed]
fn poll() -> Poll<Result<u8, ParseIntError>> {
    Poll::Ready("5".parse())
}

#[observed]
fn iterates(to: u8) -> impl Iterator<Item = u8> {
    (0..to).filter(|value| value % 2 == 0)
}

#[observed]
fn closure() -> impl Fn(u32) -> u32 {
    |value| value + 1
}

#[observed]
fn nested_impl(value: &str) -> Result<impl Iterator<Item = char> + Debug + '_, ParseIntError> {
    let count: usize = value.parse()?;
    Ok(value.chars().take(count))
}

#[observed]
#[must_use]
#[track_caller]
fn caller() -> u32 {
    std::panic::Location::caller().line()
}

#[observed]
extern "C" fn foreign(value: u8) -> u8 {
    value
}

#[observed]
fn inner_attributes() -> u8 {
    #![allow(unused_variables)]
    let unused = 1;
    2
}

#[observed]
fn labelled(values: &[u8]) -> Option<u8> {
    'outer: for value in values {
        for other in values {
            if other > value {
                continue 'outer;
            }
        }
        return Some(*value);
    }
    None
}

#[observed]
fn shadowing(metrics_call: u8, ret: u8) -> Result<u8, String> {
    let __metrics_call = metrics_call;
    let __metrics_returned = ret;
    let call = __metrics_call.checked_add(__metrics_returned).ok_or_else(|| "too much".to_owned())?;
    Ok(call)
}

#[test]
fn plain_functions() {
    once!("nothing", nothing());
    assert_eq!(once!("one_line", one_line()), 5);
    assert_eq!(once!("starts_with_items", starts_with_items(1)), 2);
    assert_eq!(once!("starts_with_items_and_fails", starts_with_items_and_fails("1")), Ok(2));
    assert_eq!(once!("question_mark", question_mark("3")), Ok(3));
    assert!(once!("boxed_error", boxed_error("3")).is_ok());
    once!("alias", alias()).expect("no failure");
    assert_eq!(once!("coerced", coerced()).to_string(), "5");
    assert!(once!("coerced_behind_a_path", coerced_behind_a_path(false)).is_ok());
    assert!(coerced_behind_a_path(true).is_err());
    assert_eq!(ended(module_path!(), "coerced_behind_a_path", "error"), 1);
    assert_eq!(once!("option", option(Some(1))), Some(2));
    assert_eq!(once!("option", option(None)), None);
    assert!(once!("poll", poll()).is_ready());
    assert_eq!(once!("iterates", iterates(5)).count(), 3);
    assert_eq!(once!("closure", closure())(1), 2);
    assert_eq!(once!("nested_impl", nested_impl("1")).map(Iterator::count), Ok(1));
    assert_eq!(once!("caller", caller()), line!());
    assert_eq!(once!("foreign", foreign(1)), 1);
    assert_eq!(once!("inner_attributes", inner_attributes()), 2);
    assert_eq!(once!("labelled", labelled(&[1, 2])), Some(2));
    assert_eq!(once!("shadowing", shadowing(1, 2)), Ok(3));
}
