//! `only`, for every ending: each metric counts and times its ending alone, and no call stays in flight.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{
    future::{Future, pending, ready},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Waker},
};

use metrics_core::{Registry, counted, in_flight, timed};
use tests::futures;

/// Outcome that a call is to have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Ok,
    Error,
    Panic,
    Never,
}

/// Calls.
#[counted(name = "only_ok_total", only = ok)]
#[counted(name = "only_error_total", only = error)]
#[counted(name = "only_cancelled_total", only = cancelled)]
#[counted(name = "only_panicked_total", only = panicked)]
#[timed(name = "only_ok_seconds", only = ok)]
#[timed(name = "only_error_seconds", only = error)]
#[timed(name = "only_cancelled_seconds", only = cancelled)]
#[timed(name = "only_panicked_seconds", only = panicked)]
#[in_flight(name = "only_in_flight")]
async fn call(wanted: Wanted) -> Option<Result<u8, u8>> {
    ready(()).await;
    match wanted {
        Wanted::Ok => Some(Ok(1)),
        Wanted::Error => Some(Err(1)),
        Wanted::Panic => std::panic::resume_unwind(Box::new("asked")),
        Wanted::Never => pending().await,
    }
}

/// The same, with an ending that the value does not tell.
#[counted(name = "only_decided_error_total", only = error, error_if = |ret| !matches!(ret, Some(Ok(_))))]
#[counted(name = "only_decided_ok_total", only = ok)]
#[in_flight(name = "only_decided_in_flight")]
async fn decided(wanted: Wanted) -> Option<Result<u8, u8>> {
    call(wanted).await
}

fn value(series: &str) -> u64 {
    let page = Registry::global().text();
    let found = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {series} in\n{page}")).parse().expect("a count")
}

fn drive(wanted: Wanted) {
    match wanted {
        Wanted::Never => {
            let mut future = pin!(decided(wanted));
            assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!((value("only_in_flight"), value("only_decided_in_flight")), (1, 1));
        }
        Wanted::Panic => {
            assert!(catch_unwind(AssertUnwindSafe(|| futures::to_the_end(decided(wanted)))).is_err());
        }
        Wanted::Ok | Wanted::Error => {
            assert!(futures::to_the_end(decided(wanted)).is_some());
        }
    }
    drop(decided(wanted));
}

#[test]
fn every_outcome() {
    let plan = [(Wanted::Ok, 3), (Wanted::Error, 4), (Wanted::Never, 5), (Wanted::Panic, 2)];
    for (wanted, times) in plan {
        for _ in 0..times {
            drive(wanted);
        }
    }
    // An `Option` is never an error, whatever is in it.
    for (ending, calls) in [("ok", 7), ("error", 0), ("cancelled", 5), ("panicked", 2)] {
        assert_eq!(value(&format!("only_{ending}_total")), calls, "{ending}");
        assert_eq!(value(&format!("only_{ending}_seconds_count")), calls, "{ending}");
    }
    assert_eq!((value("only_decided_ok_total"), value("only_decided_error_total")), (3, 4));
    assert_eq!((value("only_in_flight"), value("only_decided_in_flight")), (0, 0));
}
