//! Annotated functions that return a `Result`, sync and async.

use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use metrics_core::{counted, observed, timed};

use crate::{contestant, harness::compare};

#[inline(never)]
fn plain(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[inline(never)]
fn counted(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[inline(never)]
fn counted_timed(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[observed]
#[inline(never)]
fn observed(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[allow(clippy::unused_async)] // what is measured is the annotation
async fn counted_timed_async(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the future does not wait"),
    }
}

/// Calls the functions, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        let clock = quanta::Clock::new();
        compare(
            "a function that returns a Result",
            threads,
            &[
                contestant!("ours, #[counted] #[timed]", counted_timed(black_box(7))),
                contestant!("ours, #[counted] #[timed], async", ready(counted_timed_async(black_box(7)))),
                contestant!("ours, #[observed]", observed(black_box(7))),
                contestant!("ours, #[counted]", counted(black_box(7))),
                contestant!("limit: two raw clock reads", {
                    let start = clock.raw();
                    let value = plain(black_box(7));
                    (clock.delta_as_nanos(start, clock.raw()), value)
                }),
                contestant!("the function itself", plain(black_box(7))),
            ],
        );
    }
}
