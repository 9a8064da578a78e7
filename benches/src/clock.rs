//! Two readings of a clock and the nanoseconds between them.

use std::time::Instant;

use metrics_core::Stopwatch;

use crate::{contestant, harness::compare};

/// Reads the clocks.
pub(crate) fn run() {
    let clock = quanta::Clock::new();
    let calibrated = clock.clone();
    compare(
        "two readings of a clock",
        1,
        &[
            contestant!("ours, Stopwatch", Stopwatch::start().elapsed()),
            contestant!("quanta, raw() and delta_as_nanos()", {
                let start = clock.raw();
                clock.delta_as_nanos(start, clock.raw())
            }),
            contestant!("quanta, raw() twice, not scaled", {
                let start = calibrated.raw();
                calibrated.raw().wrapping_sub(start)
            }),
            contestant!("quanta, Instant", quanta::Instant::now().elapsed()),
            contestant!("fastant, Instant", fastant::Instant::now().elapsed()),
            contestant!("std, Instant", Instant::now().elapsed()),
        ],
    );
}
