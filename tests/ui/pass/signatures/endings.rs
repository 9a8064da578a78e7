//! Functions that end in every way.

use std::{error::Error, fmt::Write as _, num::ParseIntError, ops::ControlFlow, task::Poll};

use metrics_core::observed;

use crate::{model::Model, quietly};

#[observed]
fn diverges() -> ! {
    panic!("always")
}

#[observed]
fn diverges_early(stops: bool) -> Result<std::convert::Infallible, String> {
    if stops {
        return Err("stopped".to_owned());
    }
    Err("ended".into())
}

#[observed]
fn panics_in_the_middle(text: &str) -> Result<u8, ParseIntError> {
    let value: u8 = text.parse()?;
    assert_ne!(value, 0, "zero");
    Ok(value)
}

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[observed]
fn alias_of_ones_own(text: &str) -> Fallible<u8> {
    Ok(text.parse()?)
}

#[observed]
fn formatter(out: &mut String) -> std::fmt::Result {
    write!(out, "{}", 1)?;
    out.write_char('x')
}

#[observed]
fn option_is_ok(value: Option<u8>) -> Option<u8> {
    value
}

#[observed(error_if = Option::is_none)]
fn option_that_fails(value: Option<u8>) -> Option<u8> {
    let value = value?;
    Some(value + 1)
}

#[observed(ok_if = |value| *value > 3)]
fn number_that_fails(value: u8) -> u8 {
    value
}

#[observed]
fn poll_of_result(value: Poll<Result<u8, String>>) -> Poll<Result<u8, String>> {
    value
}

#[observed]
fn poll_of_option(value: Poll<Option<Result<u8, String>>>) -> Poll<Option<Result<u8, String>>> {
    let value = value?;
    value.map(|value| value.map(Ok))
}

#[observed(error_if = ControlFlow::is_break)]
fn control_flow(value: ControlFlow<u8>) -> ControlFlow<u8> {
    value?;
    ControlFlow::Continue(())
}

#[observed]
fn nested_result(value: Result<Result<u8, u8>, u8>) -> Result<Result<u8, u8>, u8> {
    let value = value?;
    Ok(value)
}

#[observed]
fn infallible(value: u8) -> Result<u8, std::convert::Infallible> {
    Ok(value)
}

pub fn calls(model: &mut Model) {
    quietly(|| diverges());
    model.add("diverges", "panicked", 1);
    assert!(diverges_early(true).is_err() && diverges_early(false).is_err());
    model.add("diverges_early", "error", 2);
    assert!(panics_in_the_middle("1").is_ok() && panics_in_the_middle("").is_err());
    quietly(|| panics_in_the_middle("0"));
    model.each("panics_in_the_middle", &["ok", "error", "panicked"]);
    assert!(alias_of_ones_own("1").is_ok() && alias_of_ones_own("").is_err());
    model.each("alias_of_ones_own", &["ok", "error"]);
    assert!(formatter(&mut String::new()).is_ok());
    model.add("formatter", "ok", 1);
    let _ = (option_is_ok(Some(1)), option_is_ok(None), option_that_fails(Some(1)), option_that_fails(None));
    model.add("option_is_ok", "ok", 2);
    model.each("option_that_fails", &["ok", "error"]);
    let _ = (number_that_fails(4), number_that_fails(3));
    model.each("number_that_fails", &["ok", "error"]);
    let _ = (poll_of_result(Poll::Pending), poll_of_result(Poll::Ready(Ok(1))));
    let _ = poll_of_result(Poll::Ready(Err(String::new())));
    model.each("poll_of_result", &["ok", "ok", "error"]);
    let _ = (poll_of_option(Poll::Pending), poll_of_option(Poll::Ready(None)));
    let _ = poll_of_option(Poll::Ready(Some(Err(String::new()))));
    model.each("poll_of_option", &["ok", "ok", "error"]);
    let _ = (control_flow(ControlFlow::Continue(())), control_flow(ControlFlow::Break(1)));
    model.each("control_flow", &["ok", "error"]);
    let _ = (nested_result(Ok(Err(1))), nested_result(Err(1)), infallible(1));
    model.each("nested_result", &["ok", "error"]);
    model.each("infallible", &["ok"]);
}
