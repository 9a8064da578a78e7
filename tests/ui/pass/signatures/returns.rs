//! Return types of functions.

use std::{
    any::Any,
    borrow::Cow,
    error::Error,
    fmt::Display,
    iter::Sum,
    num::ParseIntError,
    sync::{Mutex, MutexGuard},
};

use metrics_core::observed;

use crate::model::Model;

#[observed]
fn unit_result() -> Result<(), ()> {
    Ok(())
}

#[observed]
fn array_of_results(values: [&str; 2]) -> [Result<u8, ParseIntError>; 2] {
    values.map(str::parse)
}

#[observed]
fn tuple(value: &str) -> (usize, &str) {
    (value.len(), value)
}

#[observed]
fn function_pointer(up: bool) -> fn(u8) -> u8 {
    if up { |value| value + 1 } else { |value| value - 1 }
}

#[observed]
fn boxed_closure<'a>(text: &'a str) -> Box<dyn Fn() -> &'a str + 'a> {
    Box::new(move || text)
}

#[observed]
fn dynamic(error: bool) -> Result<Box<dyn Any>, Box<dyn Error>> {
    if error {
        Err("error")?;
    }
    Ok(Box::new(5_u8))
}

#[observed]
fn nested_impl(values: &[u8]) -> impl Iterator<Item = impl Display + '_> + Clone {
    values.iter().map(|value| value + 1)
}

#[observed]
fn sum_of<S: Sum<u8>>(values: Vec<u8>) -> S {
    values.into_iter().sum()
}

#[observed]
fn collected<C: FromIterator<u8>>(text: &str) -> Result<C, ParseIntError> {
    if text.is_empty() {
        return Ok(std::iter::empty().collect());
    }
    text.split(',').map(str::parse).collect()
}

#[observed]
fn guard(mutex: &Mutex<u8>) -> MutexGuard<'_, u8> {
    mutex.lock().expect("no panic")
}

#[observed]
fn reborrowed<'a>(value: &'a mut Vec<u8>, more: &[u8]) -> Option<&'a mut u8> {
    value.extend(more);
    let last = value.last_mut()?;
    *last += 1;
    Some(last)
}

#[observed]
fn static_text() -> &'static str {
    "static"
}

#[observed]
fn cow(text: &str, owned: bool) -> Cow<'_, str> {
    if owned {
        return Cow::Owned(text.to_owned());
    }
    Cow::Borrowed(text)
}

#[observed]
fn temporaries(text: &Mutex<String>) -> Result<usize, ParseIntError> {
    let length: usize = text.lock().expect("no panic").parse()?;
    Ok(length + text.lock().expect("no panic").len())
}

pub fn calls(model: &mut Model) {
    assert_eq!(unit_result(), Ok(()));
    assert!(array_of_results(["1", "x"])[1].is_err());
    assert_eq!(tuple("ab"), (2, "ab"));
    assert_eq!((function_pointer(true)(1), function_pointer(false)(1)), (2, 0));
    assert_eq!(boxed_closure("a")(), "a");
    assert!(dynamic(false).is_ok() && dynamic(true).is_err());
    assert_eq!(nested_impl(&[1, 2]).map(|value| value.to_string()).collect::<String>(), "23");
    assert_eq!(sum_of::<u8>(vec![1, 2]), 3);
    assert_eq!((collected("1,2"), collected("")), (Ok(vec![1, 2]), Ok(vec![])));
    assert_eq!(*guard(&Mutex::new(1)), 1);
    let mut values = Vec::new();
    assert_eq!((reborrowed(&mut values, &[1]).copied(), reborrowed(&mut Vec::new(), &[])), (Some(2), None));
    assert_eq!((static_text(), cow("a", true), cow("a", false)), ("static", "a".into(), "a".into()));
    assert_eq!(temporaries(&Mutex::new("1".to_owned())), Ok(2));
    assert!(temporaries(&Mutex::new("x".to_owned())).is_err());
    for name in
        ["unit_result", "array_of_results", "tuple", "boxed_closure", "nested_impl", "sum_of", "guard"]
    {
        model.add(name, "ok", 1);
    }
    for name in ["function_pointer", "collected", "reborrowed", "cow"] {
        model.add(name, "ok", 2);
    }
    model.add("static_text", "ok", 1);
    model.each("dynamic", &["ok", "error"]);
    model.each("temporaries", &["ok", "error"]);
}
