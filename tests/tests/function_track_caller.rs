//! `#[track_caller]` stays true, whichever way the body is left.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
// The forms are what is tested.
#![allow(clippy::missing_const_for_fn, clippy::redundant_closure_call, clippy::never_loop)]

use std::{error::Error, num::ParseIntError, ops::ControlFlow, panic::Location, task::Poll};

use metrics_core::{Registry, counted, observed};

#[track_caller]
fn line() -> u32 {
    Location::caller().line()
}

#[observed]
#[track_caller]
fn question_mark(text: &str) -> Result<(u8, u32), ParseIntError> {
    let value = text.parse()?;
    Ok((value, line()))
}

#[observed]
#[track_caller]
fn early(stops: bool) -> u32 {
    if stops {
        return line();
    }
    line() + 1000
}

#[track_caller]
#[observed]
fn boxed(text: &str) -> Result<(u8, u32), Box<dyn Error>> {
    let Some(first) = text.split(',').next() else {
        return Err("nothing".into());
    };
    let parsed = (|| first.parse::<u8>())()?;
    let all = text.split(',').map(|part| {
        let value: u8 = part.parse()?;
        Ok::<_, ParseIntError>(value)
    });
    let all = all.collect::<Result<Vec<_>, _>>()?;
    for value in &all {
        if *value == 0 {
            return Ok((0, Location::caller().line()));
        }
    }
    let at = loop {
        break Location::caller().line();
    };
    Ok((parsed + u8::try_from(all.len())?, at))
}

#[observed]
#[track_caller]
fn option(value: Option<u8>) -> Option<(u8, u32)> {
    Some((value?, Location::caller().line()))
}

#[observed]
#[track_caller]
fn control(value: ControlFlow<u8, u16>) -> ControlFlow<u8, (u16, u32)> {
    ControlFlow::Continue((value?, Location::caller().line()))
}

#[observed]
#[track_caller]
fn poll(value: Poll<Result<u8, ParseIntError>>) -> Poll<Result<(u8, u32), Box<dyn Error>>> {
    match value? {
        Poll::Ready(value) => Poll::Ready(Ok((value, Location::caller().line()))),
        Poll::Pending => Poll::Pending,
    }
}

#[observed]
#[track_caller]
fn hidden(text: &str) -> Result<impl Iterator<Item = u32> + use<>, ParseIntError> {
    let value: u32 = text.parse()?;
    Ok([value, Location::caller().line()].into_iter())
}

#[observed]
#[track_caller]
fn nothing(stops: bool) -> u8 {
    fn inner() -> Option<u8> {
        Some(None::<u8>? + 1)
    }
    if stops {
        return inner().unwrap_or(3);
    }
    4
}

struct Store(Vec<u8>);

impl Store {
    #[counted]
    #[track_caller]
    fn last(&mut self) -> Result<&mut u8, u32> {
        let caller = Location::caller().line();
        let last = self.0.last_mut().ok_or(caller)?;
        Ok(last)
    }
}

#[test]
fn caller_location() {
    assert_eq!((question_mark("5"), line()), (Ok((5, line())), line()));
    assert!(question_mark("x").is_err());
    assert_eq!([early(true), early(false)], [line(), line() + 1000]);
    assert_eq!(boxed("5,6").expect("two"), (7, line()));
    assert_eq!(boxed("5,0").expect("two"), (0, line()));
    assert!(boxed("x").is_err());
    assert_eq!([option(Some(1)), option(None)], [Some((1, line())), None]);
    assert_eq!(control(ControlFlow::Continue(2)), ControlFlow::Continue((2, line())));
    assert_eq!(control(ControlFlow::Break(2)), ControlFlow::Break(2));
    assert!(matches!(poll(Poll::Ready(Ok(3))), Poll::Ready(Ok((3, at))) if at == line()));
    assert!(poll(Poll::Pending).is_pending());
    assert_eq!(hidden("4").map(Iterator::collect::<Vec<_>>), Ok(vec![4, line()]));
    assert_eq!((nothing(true), nothing(false)), (3, 4));
    assert_eq!((Store(vec![1]).last(), Store(Vec::new()).last()), (Ok(&mut 1), Err(line())));
    let page = Registry::global().text();
    for (function, result, count) in [
        ("question_mark", "ok", 1),
        ("question_mark", "error", 1),
        ("early", "ok", 2),
        ("boxed", "ok", 2),
        ("boxed", "error", 1),
        ("option", "ok", 2),
        ("last", "ok", 1),
        ("last", "error", 1),
    ] {
        let line = format!(
            "function_calls_total{{function=\"{function}\",module=\"function_track_caller\",result=\"{result}\"}} {count}\n"
        );
        assert!(page.contains(&line), "{line} is not in\n{page}");
    }
}
