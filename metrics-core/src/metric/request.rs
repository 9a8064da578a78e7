//! What ends a request that several metrics know of, in few steps: for the middleware.

use super::{Counter, Gauge, Histogram};

/// Observes a duration in nanoseconds, without the way over a `Duration`.
#[inline]
pub fn observe_nanos(histogram: &Histogram, nanos: u64) {
    histogram.child().observe_nanos(nanos);
}

/// Takes one out of a gauge, observes a duration and counts it, if nothing has to be found first; `false` means that nothing was
/// done.
#[inline]
pub fn finish_request(in_progress: &Gauge, durations: &Histogram, requests: &Counter, nanos: u64) -> bool {
    durations.child().finish_request(in_progress, requests, nanos)
}
