//! A call site with its metrics resolved to cells.

use super::{
    InstrumentKind, Outcome, SiteDeclaration,
    call::Entry,
    fast::{self, Fast, FastTimed},
    registration::Site,
    resolved::Resolved,
};
use crate::{
    clock::{Clock, Timestamp},
    label::{Dimension, Interners, Text},
};

/// A call site with its metrics resolved to cells.
#[derive(Debug)]
pub(super) struct Plan {
    way: Way,
    metrics: Box<[Resolved]>,
    /// The strings of the capped labels, by the site's dimensions.
    interners: Interners,
    /// Which positions the labels from the returned value have where nothing is returned.
    absent: Box<[u32]>,
}

/// For what is compiled here, see [`fast`]: an instance that the crate of the annotated function does not use.
pub(super) const OWN: usize = usize::MAX;

/// How a call is recorded.
#[derive(Debug)]
enum Way {
    /// All metrics in short: they are of the simple kind, and one is a duration.
    FastTimed(FastTimed),
    /// All metrics in short, and no duration.
    Fast(Fast),
    /// One metric after the other, with the clock where a duration is measured.
    General(Option<&'static Clock>),
}

impl Plan {
    /// Registers the site's metrics; one that cannot be is detached.
    pub(super) fn resolve(declaration: &'static SiteDeclaration, late: &[Dimension]) -> Self {
        let unknown = |at: usize| late.get(at).copied().unwrap_or(Dimension::of::<()>(""));
        let declared = declaration.dimensions.iter().enumerate();
        let dimension = |(at, known): (usize, &Option<Dimension>)| {
            let dimension = known.unwrap_or_else(|| unknown(at));
            if at < declaration.arguments { dimension } else { dimension.or_absent() }
        };
        let dimensions: Vec<_> = declared.map(dimension).collect();
        let interners = Interners::keeping(dimensions.iter().map(Dimension::places));
        let absent = |at: usize| narrow(interners.position(at, &Text::new("")));
        let absent: Box<[u32]> = (declaration.arguments..dimensions.len()).map(absent).collect();
        let site = Site { declaration, dimensions: &dimensions, interners: &interners, absent: &absent };
        let metrics: Box<[Resolved]> =
            declaration.instruments.iter().map(|instrument| site.register(instrument)).collect();
        let timed = metrics.iter().any(|metric| metric.kind() == InstrumentKind::Duration);
        let way = match fast::of(&metrics) {
            Some((fast, Some(duration))) => Way::FastTimed(fast.timed(Clock::get(), duration)),
            Some((fast, None)) => Way::Fast(fast),
            None => Way::General(timed.then(Clock::get)),
        };
        Self { way, metrics, interners, absent }
    }

    /// The position of a capped label's value.
    #[inline]
    pub(super) fn position(&self, dimension: usize, text: &str) -> u32 {
        narrow(self.interners.position(dimension, &Text::new(text)))
    }

    /// A call begins.
    #[inline]
    pub(super) fn enter<const CRATE: usize>(&self, arguments: &[u32]) -> Entry {
        match &self.way {
            Way::FastTimed(fast) => fast.enter::<CRATE>(),
            Way::Fast(fast) => fast.enter::<CRATE>(),
            Way::General(clock) => self.enter_slowly(*clock, arguments),
        }
    }

    /// A call without labels ends.
    #[inline]
    pub(super) fn leave<const CRATE: usize>(&self, entry: Entry, ending: Outcome) {
        match &self.way {
            Way::FastTimed(fast) => fast.leave::<CRATE>(entry, ending),
            Way::Fast(fast) => fast.leave::<CRATE>(ending),
            Way::General(_) => self.leave_without_labels(entry, ending),
        }
    }

    /// A call ends; `returned` are empty where nothing was returned.
    pub(super) fn leave_with(&self, entry: Entry, arguments: &[u32], returned: &[u32], ending: Outcome) {
        match &self.way {
            Way::FastTimed(fast) => fast.leave::<OWN>(entry, ending),
            Way::Fast(fast) => fast.leave::<OWN>(ending),
            Way::General(_) => self.leave_slowly(entry, arguments, returned, ending),
        }
    }

    #[inline(never)]
    fn enter_slowly(&self, clock: Option<&'static Clock>, arguments: &[u32]) -> Entry {
        for metric in &self.metrics {
            metric.enter(&self.interners, arguments);
        }
        Entry::at(clock.map_or(Timestamp::NONE, Clock::now))
    }

    /// With few arguments, so that a call needs no stack for them.
    #[inline(never)]
    fn leave_without_labels(&self, entry: Entry, ending: Outcome) {
        self.leave_slowly(entry, &[], &[], ending);
    }

    #[inline(never)]
    fn leave_slowly(&self, entry: Entry, arguments: &[u32], returned: &[u32], ending: Outcome) {
        let clock = if let Way::General(clock) = &self.way { *clock } else { None };
        let nanos = clock.map_or(0, |clock| clock.nanos_since(entry.start()));
        let returned = if returned.is_empty() { &self.absent } else { returned };
        for metric in &self.metrics {
            metric.leave(&self.interners, (arguments, returned), nanos, ending);
        }
    }
}

fn narrow(position: usize) -> u32 {
    // Dimensions span at most four million positions.
    u32::try_from(position).unwrap_or(0)
}
