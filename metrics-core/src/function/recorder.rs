//! Fast recording for call sites whose metrics have no variable label but `result`, the common case.
//!
//! The unused const parameter forces monomorphization in the crate of the annotated function, where thread-locals need no
//! function call. Slow paths come last, so that no value is kept across them.

use std::thread::panicking;

use super::{InstrumentKind, Outcome, bound_metric::BoundMetric, call_start::CallStart};
use crate::{
    cell::{Cells, Slot},
    clock::{Clock, Scale, Timestamp},
    metric::record_nanos,
    model::Buckets,
};

/// Recorder of at most one counter and one gauge, whose only variable label is `result`. The outcome selects the cells.
#[derive(Debug)]
pub(super) struct CountRecorder {
    calls: ByOutcome,
    in_flight: Slot,
}

/// Recorder of a histogram of durations beside those of a [`CountRecorder`].
#[derive(Debug)]
pub(super) struct CountAndTimeRecorder {
    clock: &'static Clock,
    /// Scale of the clock's ticks.
    scale: Scale,
    buckets: &'static Buckets,
    /// Upper bound of the first bucket in nanoseconds.
    first_bound: u64,
    /// Series of a histogram with classic buckets only; the sink for one with native buckets, so that those cost other sites nothing.
    duration: ByOutcome,
    /// Series of a histogram with native buckets, otherwise the sink. It is not an `Option`, whose niche the enclosing enum would use,
    /// at a cost in each call.
    native: ByOutcome,
    others: CountRecorder,
}

/// Series of each outcome.
#[derive(Clone, Copy, Debug)]
struct ByOutcome([Slot; 4]);

/// Histogram of durations.
#[derive(Debug)]
pub(super) struct Duration {
    buckets: &'static Buckets,
    slots: ByOutcome,
}

/// Returns the recorders for the metrics of a site, if all of them qualify.
pub(super) fn of(metrics: &[BoundMetric]) -> Option<(CountRecorder, Option<Duration>)> {
    let slots = |metric| Some((metric, ByOutcome::of(metric)?));
    let all: Vec<_> = metrics.iter().map(slots).collect::<Option<_>>()?;
    let only = |kind| {
        let mut found = all.iter().filter(|(metric, _): &&(&BoundMetric, _)| metric.kind() == kind);
        (found.next(), found.next().is_none())
    };
    let ((calls, one), (duration, one_duration), (in_flight, one_gauge)) =
        (only(InstrumentKind::Calls), only(InstrumentKind::Duration), only(InstrumentKind::InFlight));
    if !(one && one_duration && one_gauge) {
        return None;
    }
    let in_flight = in_flight.map_or(Slot::SINK, |(_, slots)| slots.get(Outcome::Ok));
    // The gauge is marked as added to from the start; see `metric::gauge`.
    Cells::unguarded(in_flight).mark();
    // Without a counter, counts go to the sink, which is cheaper than a check in each call.
    let calls = calls.map_or(ByOutcome([Slot::UNREAD; 4]), |(_, slots)| *slots);
    let duration = duration.map(|(metric, slots)| Duration { buckets: metric.buckets(), slots: *slots });
    Some((CountRecorder { calls, in_flight }, duration))
}

impl CountRecorder {
    /// Adds the histogram.
    // Runs once for each call site.
    #[allow(clippy::needless_pass_by_value)]
    pub(super) fn timed(self, clock: &'static Clock, duration: Duration) -> CountAndTimeRecorder {
        let Duration { buckets, slots } = duration;
        let first_bound = buckets.first_nanos();
        let nowhere = ByOutcome([Slot::SINK; 4]);
        let (duration, native) = if buckets.native().is_some() { (nowhere, slots) } else { (slots, nowhere) };
        CountAndTimeRecorder {
            clock,
            scale: clock.scale(),
            buckets,
            first_bound,
            duration,
            native,
            others: self,
        }
    }

    /// Records the start of a call.
    #[inline(never)]
    pub(super) fn record_start<const CRATE: usize>(&self) -> CallStart {
        self.add_in_flight(1);
        CallStart::at(Timestamp::NONE)
    }

    /// Records the end of a call.
    #[inline(never)]
    pub(super) fn record_end<const CRATE: usize>(&self, outcome: Outcome) {
        if !Cells::count_if_near(self.calls.get(outcome), 1) {
            return self.record_end_slowly(outcome);
        }
        self.add_in_flight(u64::MAX);
    }

    #[inline(never)]
    fn record_end_slowly(&self, outcome: Outcome) {
        let calls = self.calls.get(outcome);
        if calls != Slot::UNREAD {
            Cells::unguarded(calls).count(1);
        }
        self.add_in_flight(u64::MAX);
    }

    #[inline]
    fn add_in_flight(&self, amount: u64) {
        if self.in_flight.exists() {
            Cells::unguarded(self.in_flight).add(0, amount);
        }
    }
}

impl CountAndTimeRecorder {
    /// Records the start of a call, and reads the clock.
    #[inline(never)]
    pub(super) fn record_start<const CRATE: usize>(&self) -> CallStart {
        // First, so that only the reference is kept across it.
        if panicking() {
            return self.record_start_slowly();
        }
        let in_flight = self.others.in_flight;
        if in_flight.exists() && !Cells::count_if_near(in_flight, 1) {
            return self.record_start_slowly();
        }
        CallStart::not_unwinding(self.clock.now())
    }

    #[inline(never)]
    fn record_start_slowly(&self) -> CallStart {
        self.others.add_in_flight(1);
        CallStart::at(self.clock.now())
    }

    /// Reads the clock, and records the end of a call.
    #[inline(never)]
    pub(super) fn record_end<const CRATE: usize>(&self, entry: CallStart, outcome: Outcome) {
        let end = self.clock.now();
        let nanos = self.scale.nanos_between(entry.start(), end);
        let (calls, duration) = (self.others.calls.get(outcome), self.duration.get(outcome));
        // A predicted branch instead of the search, as the next reading of the clock waits for everything that depends on this one.
        // Calls for which nanoseconds matter are in the first bucket.
        let bucket =
            if nanos <= self.first_bound { Buckets::word(0) } else { self.buckets.quick_of_nanos(nanos) };
        if !Cells::add_call(calls, duration, bucket, nanos) {
            return self.record_end_slowly(nanos, outcome);
        }
        self.others.add_in_flight(u64::MAX);
    }

    /// Records the cases that the fast path leaves out: cells that this thread does not have, later buckets, and native buckets.
    #[inline(never)]
    fn record_end_slowly(&self, nanos: u64, outcome: Outcome) {
        let (native, duration) = (self.native.get(outcome), self.duration.get(outcome));
        if native.exists() {
            record_nanos(Cells::unguarded(native), self.buckets, nanos);
        } else {
            let cells = Cells::unguarded(duration);
            if !cells.add_observation_in_chunk(self.buckets.quick_of_nanos(nanos), nanos) {
                cells.add_observation(self.buckets.of_nanos(nanos), self.buckets.len(), nanos);
            }
        }
        self.others.record_end_slowly(outcome);
    }
}

impl ByOutcome {
    /// Returns the slot of an outcome, which is the sink for one that is not recorded.
    fn of(metric: &BoundMetric) -> Option<Self> {
        let first = metric.first_of_result()?;
        let slot = |outcome| metric.offset_of(outcome).map_or(Slot::SINK, |offset| first.plus(offset));
        Some(Self(Outcome::ALL.map(slot)))
    }

    // By reference, as a copy would go through the stack.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    #[inline]
    const fn get(&self, outcome: Outcome) -> Slot {
        self.0[outcome as usize]
    }
}
