//! A call site with its metrics resolved to cells.

use std::thread::panicking;

use super::{
    Ending, InstrumentKind, SiteDeclaration, call::Entry, fast::Fast, registration::Site, resolved::Resolved,
};
use crate::{
    clock::{Clock, Timestamp},
    label::{Dimension, Interners, Text},
};

/// A call site with its metrics resolved to cells.
#[derive(Debug)]
pub(super) struct Plan {
    /// Set where a duration is measured.
    clock: Option<&'static Clock>,
    /// All metrics in short, where they are of the simple kind.
    fast: Option<Fast>,
    metrics: Box<[Resolved]>,
    /// The strings of the capped labels, by the site's dimensions.
    interners: Interners,
    /// Which positions the labels from the returned value have where nothing is returned.
    absent: Box<[u32]>,
}

impl Plan {
    /// Registers the site's metrics; one that cannot be is detached.
    pub(super) fn resolve(declaration: &'static SiteDeclaration, late: &[Dimension]) -> Self {
        let unknown = |at: usize| late.get(at).copied().unwrap_or(Dimension::of::<()>(""));
        let declared = declaration.dimensions.iter().enumerate();
        let dimensions: Vec<_> = declared.map(|(at, known)| known.unwrap_or_else(|| unknown(at))).collect();
        let interners = Interners::new(dimensions.iter().map(Dimension::limit));
        let absent = |at: usize| narrow(interners.position(at, &Text::new("")));
        let absent: Box<[u32]> = (declaration.arguments..dimensions.len()).map(absent).collect();
        let site = Site { declaration, dimensions: &dimensions, interners: &interners, absent: &absent };
        let metrics: Box<[Resolved]> =
            declaration.instruments.iter().map(|instrument| site.register(instrument)).collect();
        let timed = metrics.iter().any(|metric| metric.kind() == InstrumentKind::Duration);
        Self { clock: timed.then(Clock::get), fast: Fast::of(&metrics), metrics, interners, absent }
    }

    /// The position of a capped label's value.
    #[inline]
    pub(super) fn position(&self, dimension: usize, text: &str) -> u32 {
        narrow(self.interners.position(dimension, &Text::new(text)))
    }

    /// A call begins.
    #[allow(clippy::inline_always)] // into the call site's functions, of which there are three
    #[inline(always)]
    pub(super) fn enter(&self, arguments: &[u32]) -> Entry {
        if !self.fast.as_ref().is_some_and(Fast::enter) {
            self.enter_slowly(arguments);
        }
        let start = self.clock.map_or(Timestamp::NONE, Clock::now);
        Entry { start, unwinding: panicking() }
    }

    /// A call ends; `returned` are empty where nothing was returned.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn leave(&self, start: Timestamp, arguments: &[u32], returned: &[u32], ending: Ending) {
        let nanos = self.clock.map_or(0, |clock| clock.nanos_since(start));
        if !self.fast.as_ref().is_some_and(|fast| fast.leave(nanos, ending)) {
            self.leave_slowly(arguments, returned, nanos, ending);
        }
    }

    #[inline(never)]
    fn enter_slowly(&self, arguments: &[u32]) {
        for metric in &self.metrics {
            metric.enter(&self.interners, arguments);
        }
    }

    #[inline(never)]
    fn leave_slowly(&self, arguments: &[u32], returned: &[u32], nanos: u64, ending: Ending) {
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
