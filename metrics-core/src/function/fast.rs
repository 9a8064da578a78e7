//! The metrics of a site that need no arithmetic over labels: the common case.

use std::sync::Arc;

use super::{Ending, InstrumentKind, resolved::Resolved};
use crate::{
    buckets::{Buckets, seconds},
    cell::{Cells, Neighbours, Offset, OwnCells, Slot},
    exemplar,
};

/// At most one metric of each kind, whose only variable label is `result`, and whose cells are all in one chunk: a call looks
/// its thread's cells up once.
#[derive(Debug)]
pub(super) struct Fast {
    cells: Neighbours,
    calls: ByEnding,
    duration: ByEnding,
    /// Set where there is a duration.
    buckets: Option<Arc<Buckets>>,
    in_flight: Offset,
}

/// Where each ending's series is, if the ending is recorded.
#[derive(Clone, Copy, Debug)]
struct ByEnding([Offset; 4]);

/// The slots of a metric's series by ending, and how many each has.
struct Series {
    kind: InstrumentKind,
    slots: [Option<Slot>; 4],
    width: usize,
}

impl Fast {
    /// The metrics of a site, if they are all of the simple kind.
    pub(super) fn of(metrics: &[Resolved]) -> Option<Self> {
        let series: Vec<_> = metrics.iter().map(Series::of).collect::<Option<_>>()?;
        let find = |kind| {
            let mut found = series.iter().filter(|series: &&Series| series.kind == kind);
            (found.next(), found.next().is_some())
        };
        let ((calls, two_calls), (duration, two_durations), (in_flight, two_in_flight)) =
            (find(InstrumentKind::Calls), find(InstrumentKind::Duration), find(InstrumentKind::InFlight));
        if two_calls || two_durations || two_in_flight {
            return None;
        }
        let ranges =
            |series: &Series| series.slots.into_iter().flatten().map(|slot| (slot, series.width)).collect();
        let neighbours = Neighbours::of(series.iter().flat_map(|series| -> Vec<_> { ranges(series) }))?;
        if let Some(Some(slot)) = in_flight.map(|gauge| gauge.slots[Ending::Ok as usize]) {
            Cells::unguarded(slot).mark();
        }
        let timed = metrics.iter().find(|metric| metric.kind() == InstrumentKind::Duration);
        Some(Self {
            cells: neighbours,
            calls: ByEnding::of(calls),
            duration: ByEnding::of(duration),
            buckets: timed.map(Resolved::buckets),
            in_flight: ByEnding::of(in_flight).get(Ending::Ok),
        })
    }

    /// Records the begin of a call; false where this thread has no cells.
    #[inline]
    pub(super) fn enter(&self) -> bool {
        self.in_flight.is_none() || self.with_own(|own| self.add_in_flight(own, 1))
    }

    /// Records the end of a call; false where this thread has no cells.
    #[inline]
    pub(super) fn leave(&self, nanos: u64, ending: Ending) -> bool {
        match self.cells.own() {
            Some(own) => {
                self.record(own, nanos, ending);
                true
            }
            None => self.leave_slowly(nanos, ending),
        }
    }

    /// The same where this thread does not find its cells at once: it is new here, or there is a source of exemplars.
    #[cold]
    #[inline(never)]
    fn leave_slowly(&self, nanos: u64, ending: Ending) -> bool {
        let Some(own) = self.cells.touch() else { return false };
        self.record(own, nanos, ending);
        let (calls, duration) = (self.calls.get(ending), self.duration.get(ending));
        if let (Some(buckets), false) = (&self.buckets, duration.is_none()) {
            let bucket = buckets.of_nanos(nanos).unwrap_or_default();
            exemplar::offer(self.cells.place(duration, bucket), seconds(nanos));
        }
        if !calls.is_none() {
            exemplar::offer(self.cells.place(calls, 0), 1.0);
        }
        true
    }

    #[inline]
    fn record(&self, own: OwnCells, nanos: u64, ending: Ending) {
        let duration = self.duration.get(ending);
        if let (Some(buckets), false) = (&self.buckets, duration.is_none()) {
            own.add(duration, buckets.of_nanos(nanos).unwrap_or_default(), 1);
            own.add(duration, buckets.sum_word(), nanos);
        }
        let calls = self.calls.get(ending);
        if !calls.is_none() {
            own.add(calls, 0, 1);
        }
        if !self.in_flight.is_none() {
            self.add_in_flight(own, u64::MAX);
        }
    }

    #[inline]
    fn with_own(&self, record: impl FnOnce(OwnCells)) -> bool {
        match self.cells.own().or_else(|| self.cells.touch()) {
            Some(own) => {
                record(own);
                true
            }
            None => false,
        }
    }

    /// The gauge of calls under way is marked from the start, see `metric::gauge`.
    #[inline]
    fn add_in_flight(&self, own: OwnCells, amount: u64) {
        own.add(self.in_flight, 0, amount);
    }
}

impl Series {
    fn of(metric: &Resolved) -> Option<Self> {
        let first = metric.first_of_result()?;
        let slots = Ending::ALL.map(|ending| metric.offset_of(ending).map(|offset| first.plus(offset)));
        let width = if metric.kind() == InstrumentKind::Duration { metric.buckets().width() } else { 1 };
        Some(Self { kind: metric.kind(), slots, width })
    }
}

impl ByEnding {
    fn of(series: Option<&Series>) -> Self {
        let slots = series.map_or([None; 4], |series| series.slots);
        Self(slots.map(|slot| slot.map_or(Offset::NONE, Offset::of)))
    }

    // By reference: a copy would go through the stack, which a call would wait for.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    #[inline]
    const fn get(&self, ending: Ending) -> Offset {
        self.0[ending as usize]
    }
}
