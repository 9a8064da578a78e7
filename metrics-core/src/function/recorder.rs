//! The metrics of a site that need no arithmetic over labels: the common case.
//!
//! The unused const parameter forces monomorphization in the crate of the annotated function, where thread-locals need no
//! function call. Slow paths come last, so that no value has to be kept for after them.

use std::thread::panicking;

use super::{InstrumentKind, Outcome, bound_metric::BoundMetric, call_start::CallStart};
use crate::{
    cell::{Cells, Slot},
    clock::{Clock, Scale, Timestamp},
    metric::record_nanos,
    model::Buckets,
};

/// At most one metric of each kind, whose only variable label is `result`: a call's cells are known by its ending.
#[derive(Debug)]
pub(super) struct CountRecorder {
    calls: ByOutcome,
    in_flight: Slot,
}

/// The same with a duration.
#[derive(Debug)]
pub(super) struct CountAndTimeRecorder {
    clock: &'static Clock,
    /// The clock's.
    scale: Scale,
    buckets: &'static Buckets,
    /// The first bucket's, in nanoseconds.
    first_bound: u64,
    /// The sink where the histogram has native buckets, so that what is done for those costs other sites nothing.
    duration: ByOutcome,
    /// The same the other way around. Not an option, whose niche the enum that holds this would be told apart by in every call.
    native: ByOutcome,
    others: CountRecorder,
}

/// The series of each outcome.
#[derive(Clone, Copy, Debug)]
struct ByOutcome([Slot; 4]);

/// A metric of durations.
#[derive(Debug)]
pub(super) struct Duration {
    buckets: &'static Buckets,
    slots: ByOutcome,
}

/// The metrics of a site, if they are all of the simple kind.
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
    // Marked from the start, see `metric::gauge`.
    Cells::unguarded(in_flight).mark();
    // Without a counter, what is added to one goes where nobody reads: that is cheaper than to ask each time.
    let calls = calls.map_or(ByOutcome([Slot::UNREAD; 4]), |(_, slots)| *slots);
    let duration = duration.map(|(metric, slots)| Duration { buckets: metric.buckets(), slots: *slots });
    Some((CountRecorder { calls, in_flight }, duration))
}

impl CountRecorder {
    /// Times as well.
    // Once for each call site.
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

    /// Records the begin of a call.
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
    /// Records the begin of a call, and reads the clock.
    #[inline(never)]
    pub(super) fn record_start<const CRATE: usize>(&self) -> CallStart {
        // First, so that no more than the reference has to be kept for after it.
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
        // A branch that is predicted, and not the search: the next reading of a clock waits for whatever depends on this one. The
        // calls for which nanoseconds matter are in the first bucket.
        let bucket =
            if nanos <= self.first_bound { Buckets::word(0) } else { self.buckets.quick_of_nanos(nanos) };
        if !Cells::add_call(calls, duration, bucket, nanos) {
            return self.record_end_slowly(nanos, outcome);
        }
        self.others.add_in_flight(u64::MAX);
    }

    /// Records an outcome without a series of its own, cells of another thread, other buckets than the first ones, and native ones.
    #[inline(never)]
    fn record_end_slowly(&self, nanos: u64, outcome: Outcome) {
        let (native, duration) = (self.native.get(outcome), self.duration.get(outcome));
        if native.exists() {
            record_nanos(Cells::unguarded(native), self.buckets, nanos);
        } else {
            let cells = Cells::unguarded(duration);
            cells.add_observation(self.buckets.of_nanos(nanos), self.buckets.len(), nanos);
        }
        self.others.record_end_slowly(outcome);
    }
}

impl ByOutcome {
    /// The sink for an ending that is not recorded.
    fn of(metric: &BoundMetric) -> Option<Self> {
        let first = metric.first_of_result()?;
        let slot = |outcome| metric.offset_of(outcome).map_or(Slot::SINK, |offset| first.plus(offset));
        Some(Self(Outcome::ALL.map(slot)))
    }

    // By reference: a copy would go through the stack, which a call would wait for.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    #[inline]
    const fn get(&self, outcome: Outcome) -> Slot {
        self.0[outcome as usize]
    }
}
