//! Attributes raise no lint in the user's crate, and leave no `#[expect]` of the user's unfulfilled.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::implicit_return)]
#![allow(clippy::needless_return, reason = "the restriction asks for it")]

use metrics_core::observed;
use tests::futures;

#[observed]
#[expect(clippy::unused_async, reason = "a trait of others asks for it")]
async fn no_await(fails: bool) -> Result<u8, ()> {
    if fails {
        return Err(());
    }
    return Ok(1);
}

#[observed]
#[expect(clippy::unnecessary_wraps, reason = "a table of functions asks for it")]
fn always_ok(value: u8) -> Result<u8, ()> {
    return Ok(value);
}

#[observed]
#[expect(clippy::needless_pass_by_value, reason = "a table of functions asks for it")]
fn length(text: String) -> Result<usize, ()> {
    return if text.is_empty() { Err(()) } else { Ok(text.len()) };
}

#[observed]
#[expect(clippy::needless_pass_by_ref_mut, reason = "a table of functions asks for it")]
fn first(list: &mut [u8]) -> Option<u8> {
    let value = list.first()?;
    return Some(*value);
}

#[test]
fn functions_of_every_kind_compile_without_a_warning() {
    assert_eq!((futures::to_the_end(no_await(true)), futures::to_the_end(no_await(false))), (Err(()), Ok(1)));
    assert_eq!((always_ok(1), length("2".to_owned()), first(&mut [3])), (Ok(1), Ok(1), Some(3)));
}
