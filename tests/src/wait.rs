//! Waiting for a condition, for a bounded time.

use std::{
    thread,
    time::{Duration, Instant},
};

const PAUSE: Duration = Duration::from_millis(20);

/// Calls a function until it returns a value; returns `None` after the timeout.
pub fn poll<T>(timeout: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + timeout;
    loop {
        let answer = ask();
        if answer.is_some() || Instant::now() >= deadline {
            return answer;
        }
        thread::sleep(PAUSE);
    }
}

/// Calls a function until it returns the expected value; panics with the last value after the timeout.
#[track_caller]
pub fn until_equal<T: PartialEq + std::fmt::Debug>(
    timeout: Duration,
    what: &str,
    expected: &T,
    mut ask: impl FnMut() -> T,
) {
    let mut last = None;
    let equal = poll(timeout, || {
        let answer = ask();
        let equal = answer == *expected;
        last = Some(answer);
        equal.then_some(())
    });
    assert!(
        equal.is_some(),
        "{what}: expected {expected:?} within {timeout:?}, the last answer was {last:?}"
    );
}
