//! Futures without a runtime.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Polls a future until it is ready.
pub fn to_the_end<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

/// Polls a future once and drops it.
pub fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Returns a future that is pending once, then ready.
pub async fn pause() {
    let mut is_paused = false;
    poll_fn(|_| if mem::replace(&mut is_paused, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}
