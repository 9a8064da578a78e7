//! Waiting for something to come true, for a bounded time.

use std::{
    thread,
    time::{Duration, Instant},
};

const PAUSE: Duration = Duration::from_millis(20);

/// Asks until there is an answer; `None` when the time is over without one.
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

/// Asks until the answer is the expected one and fails with the last answer when the time is over.
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
