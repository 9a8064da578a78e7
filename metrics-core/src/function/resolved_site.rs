//! A call site with its metrics resolved to cells.

use super::{
    InstrumentKind, Outcome, SiteDeclaration,
    bound_metric::BoundMetric,
    call_start::CallStart,
    recorder::{self, CountAndTimeRecorder, CountRecorder},
    registration::Site,
};
use crate::{
    clock::{Clock, Timestamp},
    label::{CappedText, Dimension, Interners},
};

/// A call site with its metrics resolved to cells.
#[derive(Debug)]
pub(super) struct ResolvedSite {
    recorder: Recorder,
    metrics: Box<[BoundMetric]>,
    /// Strings of the capped labels, by the dimensions of the site.
    interners: Interners,
    /// Positions of the labels of the returned value in a call that returns nothing.
    absent: Box<[u32]>,
}

/// Const parameter of the instances that are compiled in this crate; see [`recorder`].
pub(super) const OWN: usize = usize::MAX;

/// Method of recording a call.
#[derive(Debug)]
enum Recorder {
    /// For metrics without labels other than `result`, one of which is a duration.
    CountAndTime(CountAndTimeRecorder),
    /// For metrics without labels other than `result`, none of which is a duration.
    Count(CountRecorder),
    /// For all other metrics; with the clock if a duration is measured.
    General(Option<&'static Clock>),
}

impl ResolvedSite {
    /// Registers the metrics of the site; one that cannot be registered is detached.
    pub(super) fn resolve(declaration: &'static SiteDeclaration, late: &[Dimension]) -> Self {
        let unknown = |at: usize| late.get(at).copied().unwrap_or(Dimension::of::<()>(""));
        let declared = declaration.dimensions.iter().enumerate();
        let dimension = |(at, known): (usize, &Option<Dimension>)| {
            let dimension = known.unwrap_or_else(|| unknown(at));
            if at < declaration.arguments { dimension } else { dimension.or_absent() }
        };
        let dimensions: Vec<_> = declared.map(dimension).collect();
        let interners = Interners::keeping(dimensions.iter().map(Dimension::interned_values));
        let absent = |at: usize| narrow(interners.position(at, &CappedText::new("")));
        let absent: Box<[u32]> = (declaration.arguments..dimensions.len()).map(absent).collect();
        let site = Site { declaration, dimensions: &dimensions, interners: &interners, absent: &absent };
        let metrics: Box<[BoundMetric]> =
            declaration.instruments.iter().map(|instrument| site.register(instrument)).collect();
        let timed = metrics.iter().any(|metric| metric.kind() == InstrumentKind::Duration);
        let recorder = match recorder::of(&metrics) {
            Some((fast, Some(duration))) => Recorder::CountAndTime(fast.timed(Clock::get(), duration)),
            Some((fast, None)) => Recorder::Count(fast),
            None => Recorder::General(timed.then(Clock::get)),
        };
        Self { recorder, metrics, interners, absent }
    }

    /// Returns the position of a capped label's value.
    #[inline]
    pub(super) fn position(&self, dimension: usize, text: &str) -> u32 {
        narrow(self.interners.position(dimension, &CappedText::new(text)))
    }

    /// Records the start of a call.
    #[inline]
    pub(super) fn record_start<const CRATE: usize>(&self, arguments: &[u32]) -> CallStart {
        match &self.recorder {
            Recorder::CountAndTime(fast) => fast.record_start::<CRATE>(),
            Recorder::Count(fast) => fast.record_start::<CRATE>(),
            Recorder::General(clock) => self.record_start_slowly(*clock, arguments),
        }
    }

    /// Records the end of a call without labels.
    #[inline]
    pub(super) fn record_end<const CRATE: usize>(&self, entry: CallStart, outcome: Outcome) {
        match &self.recorder {
            Recorder::CountAndTime(fast) => fast.record_end::<CRATE>(entry, outcome),
            Recorder::Count(fast) => fast.record_end::<CRATE>(outcome),
            Recorder::General(_) => self.record_end_without_labels(entry, outcome),
        }
    }

    /// Records the end of a call with labels; `returned` is empty if the call returned nothing.
    pub(super) fn record_end_with(
        &self,
        entry: CallStart,
        arguments: &[u32],
        returned: &[u32],
        outcome: Outcome,
    ) {
        match &self.recorder {
            Recorder::CountAndTime(fast) => fast.record_end::<OWN>(entry, outcome),
            Recorder::Count(fast) => fast.record_end::<OWN>(outcome),
            Recorder::General(_) => self.record_end_slowly(entry, arguments, returned, outcome),
        }
    }

    #[inline(never)]
    fn record_start_slowly(&self, clock: Option<&'static Clock>, arguments: &[u32]) -> CallStart {
        for metric in &self.metrics {
            metric.record_start(&self.interners, arguments);
        }
        CallStart::at(clock.map_or(Timestamp::NONE, Clock::now))
    }

    /// Records the end of a call without labels. It has few arguments, so that they are passed in registers.
    #[inline(never)]
    fn record_end_without_labels(&self, entry: CallStart, outcome: Outcome) {
        self.record_end_slowly(entry, &[], &[], outcome);
    }

    #[inline(never)]
    fn record_end_slowly(&self, entry: CallStart, arguments: &[u32], returned: &[u32], outcome: Outcome) {
        let clock = if let Recorder::General(clock) = &self.recorder { *clock } else { None };
        let nanos = clock.map_or(0, |clock| clock.nanos_since(entry.start()));
        let returned = if returned.is_empty() { &self.absent } else { returned };
        for metric in &self.metrics {
            metric.record_end(&self.interners, (arguments, returned), nanos, outcome);
        }
    }
}

fn narrow(position: usize) -> u32 {
    // Dimensions span at most four million positions.
    u32::try_from(position).unwrap_or(0)
}
